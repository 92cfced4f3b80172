import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { RunsError } from '../../runs/errors.ts';
import type { ExecutionState, RunExecutor } from '../../runs/ports.ts';
import { executionInput, type Run, type RunKind } from '../../runs/run.ts';
import { isTransient } from './transient.ts';

export interface Machines {
  /** ARN of the state machine that moves a run. */
  machineOf(run: Run): string;
  /** What its execution is started with. Always the same for a run: a repeated start must be equal. */
  inputOf(run: Run): Record<string, unknown>;
}

export type MachineArns = Partial<Record<Exclude<RunKind, 'process'>, string>>;
type InputBuilders = Partial<Record<RunKind, (run: Run) => Record<string, unknown>>>;

/** One machine per kind of run; a process brings its own, by ARN. Input is ids only unless built otherwise. */
export const machines = (arns: MachineArns, inputs: InputBuilders = {}): Machines => ({
  machineOf(run) {
    const arn = run.kind === 'process' ? run.input.stateMachineArn : arns[run.kind];
    if (typeof arn !== 'string') throw new TypeError(`No state machine is configured for ${run.kind} runs`);
    return arn;
  },
  inputOf: (run) => (inputs[run.kind] ?? executionInput)(run),
});

/** Runs as executions of Standard state machines; an execution is named like its run. */
export class StepFunctionsExecutor implements RunExecutor {
  readonly #client: SFNClient;
  readonly #machines: Machines;

  constructor(client: SFNClient, machines: Machines) {
    this.#client = client;
    this.#machines = machines;
  }

  async start(run: Run): Promise<void> {
    const command = new StartExecutionCommand({
      stateMachineArn: this.#machines.machineOf(run),
      name: run.id,
      input: JSON.stringify(this.#machines.inputOf(run)),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      // The name was used for this very run: its execution runs or has ended.
      if (!(error instanceof ExecutionAlreadyExists)) throw asRunsError(error, run);
    }
  }

  async stop(run: Run, reason: string): Promise<void> {
    try {
      await this.#client.send(
        new StopExecutionCommand({ executionArn: this.#executionOf(run), cause: reason }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw asRunsError(error, run);
    }
  }

  async describe(run: Run): Promise<ExecutionState> {
    try {
      const command = new DescribeExecutionCommand({ executionArn: this.#executionOf(run) });
      return toState(await this.#client.send(command));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return { status: 'none' };
      throw asRunsError(error, run);
    }
  }

  #executionOf = (run: Run): string => executionArn(this.#machines.machineOf(run), run.id);
}

/** An execution belongs to the machine, whichever version or alias it was started through. */
export function executionArn(machineArn: string, name: string): string {
  const [arn, partition, service, region, account, , machine] = machineArn.split(':');
  return [arn, partition, service, region, account, 'execution', machine, name].join(':');
}

function toState({ status, output, error, cause }: DescribeExecutionCommandOutput): ExecutionState {
  switch (status) {
    case 'SUCCEEDED':
      return { status: 'succeeded', output: output === undefined ? null : JSON.parse(output) };
    case 'FAILED':
      return { status: 'failed', error, cause };
    case 'TIMED_OUT':
      return { status: 'timed_out', error, cause };
    case 'ABORTED':
      return { status: 'aborted', error, cause };
    default:
      return { status: 'running' }; // also PENDING_REDRIVE: it goes on
  }
}

/** What passes by itself is `executor_busy`; everything else is a fault to be seen as it is. */
const asRunsError = (error: unknown, run: Run): unknown =>
  isTransient(error) ? new RunsError('executor_busy', { runId: run.id }, { cause: error }) : error;
