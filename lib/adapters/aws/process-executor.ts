import type { SFNClient } from '@aws-sdk/client-sfn';
import type { MachineLook, MachineReader } from '../../runs/ports.ts';
import type { Run } from '../../runs/run.ts';
import { isExpress, lookAtMachine } from './look-at-machine.ts';
import { EXPRESS, type Machines, refused, StepFunctionsExecutor } from './step-functions-executor.ts';

/** The executor of those who have to do with machines of others: it looks at one before it starts it. */
export class ProcessExecutor extends StepFunctionsExecutor implements MachineReader {
  readonly #client: SFNClient;
  readonly #machines: Machines;
  /** Machines that are Standard. They stay so; one that was made anew shows by its executions. */
  readonly #standard = new Set<string>();

  constructor(client: SFNClient, machines: Machines) {
    super(client, machines);
    this.#client = client;
    this.#machines = machines;
  }

  override async start(run: Run): Promise<void> {
    if (run.kind === 'process' && (await this.#isExpress(this.#machines.machineOf(run)))) {
      throw refused(run, EXPRESS);
    }
    return super.start(run);
  }

  async #isExpress(machineArn: string): Promise<boolean> {
    if (this.#standard.has(machineArn)) return false;
    const known = await isExpress(this.#client, machineArn);
    if (known === false) this.#standard.add(machineArn);
    return known === true;
  }

  lookAtMachine(machineArn: string): Promise<MachineLook> {
    return lookAtMachine(this.#client, machineArn);
  }
}
