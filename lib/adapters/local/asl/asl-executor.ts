import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../../apis/log/ports.ts';
import { RunsError } from '../../../runs/errors.ts';
import type {
  ExecutionReader,
  ExecutionState,
  ExecutionTexts,
  MachineLook,
  MachineReader,
  RunExecutor,
} from '../../../runs/ports.ts';
import { executionInput, type Run } from '../../../runs/run.ts';
import { asDeployed } from './asl-definition.ts';
import { ExecutionTasks, type TaskHandler } from './execution-tasks.ts';
import { type Machine as Definition, readMachine, statesOf } from './language/definition.ts';
import { execute } from './language/interpreter.ts';
import {
  type EndState,
  endOf,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  machineNameOf,
  type StatusChangeEvent,
  statusChange,
} from './status-change-event.ts';
import { TaskTokens } from './task-tokens.ts';

export type { TaskHandler } from './execution-tasks.ts';
export type { StatusChangeEvent } from './status-change-event.ts';

export interface LocalMachine {
  /** Amazon States Language, as CDK reads it. */
  definition: object;
  /** What each task state does, by the state's name. */
  tasks: Record<string, TaskHandler>;
  /** What `${names}` in the definition stand for; a made-up ARN where nothing is given. */
  substitutions?: Record<string, string>;
  /** States whose task is made up: what it returns stands also for what would come with a task token. */
  mocked?: ReadonlySet<string>;
}

/** Which machine moves a run, and what it is given. */
export interface ExecutionPlan {
  machine: string;
  input: unknown;
}

export interface AslExecutorOptions {
  machines: Record<string, LocalMachine>;
  onStatusChange(event: StatusChangeEvent): Promise<void> | void;
  logger: Pick<Logger, 'error'>;
  /** The machine named like the run's kind, with the run's ids, unless told otherwise. */
  plan?: (run: Run) => ExecutionPlan | Promise<ExecutionPlan>;
  /**
   * Finds machines that are not among the above, anew for every execution; throws a sentence about one that
   * cannot run here. Their executions also say that they have begun, as those of others do on AWS.
   */
  load?: (name: string) => Promise<LocalMachine>;
}

interface Machine {
  definition: Definition;
  tasks: Record<string, TaskHandler>;
  mocked: ReadonlySet<string>;
}

interface Execution {
  machine: string;
  arn: string;
  input: unknown;
  state: ExecutionState;
  abort(reason: string): void;
  /** Ends it and tells nobody. */
  drop(): void;
  /** Resolves when the end was told to `onStatusChange`. */
  told: Promise<void>;
}

/**
 * Executions that are over are remembered as Step Functions remembers them, but not without end: so many as
 * that they ended (some 250 bytes each), and of those whose end was told, what was said in so many bytes. What
 * is needed later stands in the runs.
 */
const REMEMBERED = 10_000;
const REMEMBERED_BYTES = 2 * 1024 * 1024;
/** What an execution takes without its texts. */
const BYTES_AROUND = 1024;
/** How long `close` waits for handlers that ignore their signal. */
const CLOSE_MILLISECONDS = 500;

/** Made here: a function that is made within another one holds on to what that one knows. */
const nothing = (): void => {};

const defaultPlan = (run: Run): ExecutionPlan => ({
  machine: run.kind,
  input: executionInput(run),
});

/** Runs the state machines of `lib/machines` in this process. Knows nothing of executions before its time. */
export class AslExecutor implements RunExecutor, ExecutionReader, MachineReader {
  readonly #options: AslExecutorOptions;
  readonly #machines = new Map<string, Machine>();
  readonly #executions = new Map<string, Execution>();
  /** How the executions before those ended, by their names. */
  readonly #ended = new Map<string, ExecutionState>();
  /** What of the above was told and can be forgotten, oldest first, with its bytes. */
  readonly #told = new Map<string, number>();
  #toldBytes = 0;
  readonly #tokens = new TaskTokens();
  #closed = false;
  #suspended = false;

  /** @throws TypeError for a definition that cannot run here, or a task state without a handler. */
  constructor(options: AslExecutorOptions) {
    this.#options = options;
    for (const [name, machine] of Object.entries(options.machines))
      this.#machines.set(name, prepareMachine(name, machine));
  }

  /** Starts the run's machine. A name that is running or over is left alone, as the service does. */
  async start(run: Run): Promise<void> {
    const { machine: machineName, input } = await (this.#options.plan ?? defaultPlan)(run);
    if (this.#isIdle || this.#knows(run.id)) return;
    const known = this.#machines.get(machineName);
    const machine = known ?? (await this.#loadFor(run, machineName));
    // Somebody else may have started it while its file was read.
    if (this.#isIdle || this.#knows(run.id)) return;
    const execution = this.#execute(run.id, machineName, machine, input, known === undefined);
    this.#executions.set(run.id, execution);
  }

  get #isIdle(): boolean {
    return this.#closed || this.#suspended;
  }

  #knows(name: string): boolean {
    return this.#executions.has(name) || this.#ended.has(name);
  }

  async #load(name: string): Promise<Machine> {
    const { load } = this.#options;
    if (load === undefined) throw new TypeError(`There is no machine called ${name}`);
    return prepareMachine(name, await load(name));
  }

  async #loadFor(run: Run, name: string): Promise<Machine> {
    try {
      return await this.#load(name);
    } catch (error) {
      throw new RunsError('executor_refused', { runId: run.id, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** Prepares the machine as an execution would, and says in the same words why it cannot run here. */
  async lookAtMachine(machineArn: string): Promise<MachineLook> {
    const name = machineNameOf(machineArn);
    if (this.#machines.has(name)) {
      return {
        status: 'unfit',
        reason: `${name} is a machine of the platform's own. Name your file otherwise.`,
      };
    }
    try {
      await this.#load(name);
      return { status: 'fit' };
    } catch (error) {
      return { status: 'unfit', reason: reasonOf(error) };
    }
  }

  async stop(run: Run, reason: string): Promise<void> {
    this.#executions.get(run.id)?.abort(reason);
  }

  async describe(run: Run): Promise<ExecutionState> {
    return this.#executions.get(run.id)?.state ?? this.#ended.get(run.id) ?? { status: 'none' };
  }

  async lookUp(execution: string): Promise<ExecutionTexts | undefined> {
    const found = [...this.#executions.values()].find(({ arn }) => arn === execution);
    if (found === undefined) return undefined;
    const { input, state } = found;
    return {
      input: JSON.stringify(input),
      ...(state.status === 'succeeded' ? { output: JSON.stringify(state.output ?? null) } : {}),
    };
  }

  /** What answers the states that wait with `.waitForTaskToken`. */
  get tokens(): TaskTokens {
    return this.#tokens;
  }

  /** Resolves with the end of an execution, once `onStatusChange` was told of it. */
  async ended(runId: string): Promise<ExecutionState> {
    const execution = this.#executions.get(runId);
    await execution?.told;
    return execution?.state ?? this.#ended.get(runId) ?? { status: 'none' };
  }

  /**
   * For a time in which nothing can be recorded: starts nothing, and lets go of the executions of our own
   * machines, whose runs stay open, so that a sweep after `resume` starts them anew. Others go on.
   */
  suspend(): void {
    this.#suspended = true;
    for (const [name, { state, machine, drop }] of this.#executions) {
      if (state.status !== 'running' || !this.#machines.has(machine)) continue;
      drop();
      this.#executions.delete(name);
    }
  }

  resume(): void {
    this.#suspended = false;
  }

  /**
   * Aborts everything and says nothing of it: the runs stay open, so that the next process finds and
   * finishes them.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const executions = [...this.#executions.values()];
    for (const { abort } of executions) abort('The platform is closing');
    const told = Promise.all(executions.map((execution) => execution.told));
    await Promise.race([told, sleep(CLOSE_MILLISECONDS, undefined, { ref: false })]);
  }

  #execute(
    name: string,
    machineName: string,
    machine: Machine,
    input: unknown,
    announces: boolean,
  ): Execution {
    const executionArn = `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:execution:${machineName}:${name}`;
    const stateMachineArn = `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stateMachine:${machineName}`;
    const startDate = Date.now();
    const ending = new AbortController();
    const tasks = new ExecutionTasks(machine.tasks, this.#tokens, machine.mocked);
    let abortCause: string | undefined;
    let isDropped = false;
    const result = execute(
      machine.definition,
      JSON.parse(JSON.stringify(input)),
      {
        execution: { Id: executionArn, Name: name, RoleArn: `arn:aws:iam::${LOCAL_ACCOUNT}:role/local` },
        stateMachine: { Id: stateMachineArn, Name: machineName },
      },
      tasks,
      ending.signal,
    );
    const facts = { executionArn, stateMachineArn, name, startDate, input };
    const tell = async (state: Parameters<typeof statusChange>[1]): Promise<number | undefined> => {
      if (this.#closed || isDropped) return undefined;
      const event = statusChange(facts, state);
      try {
        await this.#options.onStatusChange(event);
        const { input: given, output, cause } = event.detail;
        return given.length + (output?.length ?? 0) + (cause?.length ?? 0) + BYTES_AROUND;
      } catch (error) {
        // Nothing depends on one delivery: the sweeper settles what this could not.
        this.#options.logger.error('An execution status change was not handled', { executionArn, error });
        return undefined;
      }
    };
    const begun = announces ? tell({ status: 'running' }) : Promise.resolve();

    const execution: Execution = {
      machine: machineName,
      arn: executionArn,
      input,
      state: { status: 'running' },
      abort: (reason) => {
        if (execution.state.status !== 'running' || abortCause !== undefined) return;
        abortCause = reason;
        ending.abort(new Error('The execution has ended'));
      },
      drop: () => {
        isDropped = true;
        execution.abort('Nothing can be recorded');
      },
      told: result
        .then(
          (output): EndState => ({ status: 'succeeded', output }),
          (error: unknown): EndState => endOf(error, abortCause),
        )
        .then(async (state) => {
          execution.state = state;
          await begun;
          const bytes = await tell(state);
          // They hold the whole execution, with all that went through it.
          execution.abort = nothing;
          execution.drop = nothing;
          if (isDropped) return;
          this.#remember(name, bytes);
        }),
    };
    return execution;
  }

  /** `bytes` is undefined for an end that nobody heard of: the sweeper will ask for it. */
  #remember(name: string, bytes: number | undefined): void {
    if (bytes !== undefined) {
      this.#told.set(name, bytes);
      this.#toldBytes += bytes;
    }
    for (const [oldest, itsBytes] of this.#told) {
      if (this.#toldBytes <= REMEMBERED_BYTES && this.#executions.size <= REMEMBERED) break;
      const { status } = this.#executions.get(oldest)?.state ?? { status: 'none' };
      this.#told.delete(oldest);
      this.#toldBytes -= itsBytes;
      this.#executions.delete(oldest);
      this.#ended.set(oldest, status === 'succeeded' ? { status, output: undefined } : { status });
    }
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= REMEMBERED) break;
      this.#ended.delete(oldest);
    }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws TypeError for a definition that cannot run here, or a task state without a handler. */
function prepareMachine(
  name: string,
  { definition, tasks, substitutions, mocked = new Set() }: LocalMachine,
): Machine {
  const read = readMachine(asDeployed(definition, substitutions));
  for (const [state, { Type }] of statesOf(read))
    if (Type === 'Task' && tasks[state] === undefined) throw new TypeError(`No task for ${name}: ${state}`);
  return { definition: read, tasks, mocked };
}
