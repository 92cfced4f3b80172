import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidationException,
} from '@aws-sdk/client-sfn';
import { RunsError } from '../../runs/errors.ts';
import type { ExecutionReader, ExecutionState, ExecutionTexts, RunExecutor } from '../../runs/ports.ts';
import { executionInput, type Run, type RunKind } from '../../runs/run.ts';
import { PROCESS_TAG } from './process-tag.ts';
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
export class StepFunctionsExecutor implements RunExecutor, ExecutionReader {
  readonly #client: SFNClient;
  readonly #machines: Machines;

  constructor(client: SFNClient, machines: Machines) {
    this.#client = client;
    this.#machines = machines;
  }

  async start(run: Run): Promise<void> {
    const stateMachineArn = this.#machines.machineOf(run);
    const input = JSON.stringify(this.#machines.inputOf(run));
    const command = new StartExecutionCommand({ stateMachineArn, name: run.id, input });
    const { executionArn: started } = await this.#client.send(command).catch((error: unknown) => {
      // The name was used for this very run: its execution runs or has ended.
      if (error instanceof ExecutionAlreadyExists) return { executionArn: undefined };
      throw asRunsError(error, run, NOT_STARTABLE);
    });
    // Repeating it would run it again.
    if (started?.split(':')[5] === 'express') throw refused(run, EXPRESS);
  }

  async stop(run: Run, reason: string): Promise<void> {
    try {
      await this.#client.send(
        new StopExecutionCommand({ executionArn: this.#executionOf(run), cause: reason }),
      );
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return;
      if (error instanceof ValidationException && (await this.#hasEnded(run))) return;
      throw asRunsError(error, run, OUT_OF_REACH);
    }
  }

  /** That an execution which has ended may be stopped again is documented nowhere. */
  #hasEnded = async (run: Run): Promise<boolean> => (await this.describe(run)).status !== 'running';

  async describe(run: Run): Promise<ExecutionState> {
    try {
      const command = new DescribeExecutionCommand({ executionArn: this.#executionOf(run) });
      return toState(await this.#client.send(command));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return { status: 'none' };
      throw asRunsError(error, run, OUT_OF_REACH);
    }
  }

  async lookUp(execution: string): Promise<ExecutionTexts | undefined> {
    try {
      const { input, output } = await this.#client.send(
        new DescribeExecutionCommand({ executionArn: execution }),
      );
      return { input, output };
    } catch (error) {
      // The policy lets us see processes only, so what it hides is none of ours.
      if (error instanceof ExecutionDoesNotExist) return undefined;
      if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
      throw error;
    }
  }

  #executionOf = (run: Run): string => executionArn(this.#machines.machineOf(run), run.id);
}

/** Executions of such machines cannot be looked at, and starting one twice runs it twice. */
export const EXPRESS =
  'The state machine is an Express one, whose executions cannot be followed. Register a Standard one.';

const GONE = 'The state machine of this stage does not exist. Register another one.';
const KEY_DENIED = 'The state machine of this stage is encrypted with a key that the platform may not use.';

/**
 * What a process is refused with for good, and what to do about it: its machine is its owner's, and may be
 * gone or out of reach. The service's own message names our role, which is nobody's business.
 */
const NOT_STARTABLE: Record<string, string> = {
  StateMachineDoesNotExist: GONE,
  StateMachineDeleting: 'The state machine of this stage is being deleted. Register another one.',
  InvalidArn: GONE,
  AccessDeniedException: `The state machine of this stage may not be started: it needs the tag ${PROCESS_TAG}.`,
  KmsAccessDeniedException: KEY_DENIED,
  InvalidExecutionInput: 'The inputs and files of this run are too many for one execution.',
  ValidationException: 'The state machine of this stage cannot be started by its ARN.',
};

/** What an execution of a process can neither be looked at nor be stopped with. */
const OUT_OF_REACH: Record<string, string> = {
  StateMachineDoesNotExist: GONE,
  InvalidArn: GONE,
  AccessDeniedException: `The state machine of this stage does not exist any more, or has lost the tag ${PROCESS_TAG}.`,
  KmsAccessDeniedException: KEY_DENIED,
};

/** An execution belongs to the machine, whichever version or alias it was started through. */
export function executionArn(machineArn: string, name: string): string {
  const [arn, partition, service, region, account, , machine] = machineArn.split(':');
  return [arn, partition, service, region, account, 'execution', machine, name].join(':');
}

function toState({
  status,
  output,
  error,
  cause,
  redriveCount = 0,
}: DescribeExecutionCommandOutput): ExecutionState {
  const redrives = redriveCount > 0 ? { redrives: redriveCount } : {};
  switch (status) {
    case 'SUCCEEDED':
      return { ...redrives, status: 'succeeded', output: output === undefined ? null : JSON.parse(output) };
    case 'FAILED':
      return { ...redrives, status: 'failed', error, cause };
    case 'TIMED_OUT':
      return { ...redrives, status: 'timed_out', error, cause };
    case 'ABORTED':
      return { ...redrives, status: 'aborted', error, cause };
    default:
      return { ...redrives, status: 'running' }; // also PENDING_REDRIVE: it goes on
  }
}

export const refused = (run: Run, reason: string, cause?: unknown): RunsError =>
  new RunsError('executor_refused', { runId: run.id, reason }, { cause });

/**
 * What passes by itself is `executor_busy`, what the owner of a process has done is `executor_refused`;
 * everything else is a fault to be seen as it is.
 */
function asRunsError(error: unknown, run: Run, reasons: Record<string, string>): unknown {
  if (isTransient(error)) return new RunsError('executor_busy', { runId: run.id }, { cause: error });
  const reason = run.kind === 'process' && error instanceof Error ? reasons[error.name] : undefined;
  return reason === undefined ? error : refused(run, reason, error);
}
