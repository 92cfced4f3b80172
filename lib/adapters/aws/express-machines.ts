import { type SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import type { Ended, WaitedMachines } from '../../apis/platform.ts';
import type { Run } from '../../runs/run.ts';

/** Runs as executions of Express state machines, which answer whoever starts them. */
export class ExpressMachines implements WaitedMachines {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, machineArn: string) {
    this.#client = client;
    this.#machineArn = machineArn;
  }

  async run(run: Run, input: Record<string, unknown>, signal: AbortSignal): Promise<Ended> {
    const command = new StartSyncExecutionCommand({
      stateMachineArn: this.#machineArn,
      name: run.id,
      input: JSON.stringify(input),
    });
    const { status, output } = await this.#client.send(command, { abortSignal: signal });
    switch (status) {
      case 'SUCCEEDED':
        return { status: 'succeeded', output: output === undefined ? null : JSON.parse(output) };
      case 'TIMED_OUT':
        return { status: 'timed_out' };
      default:
        return { status: 'failed' };
    }
  }
}
