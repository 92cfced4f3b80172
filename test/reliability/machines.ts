import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type EndState, statusChange } from '../../lib/adapters/local/asl/status-change-event.ts';
import type { Ended, WaitedMachines } from '../../lib/apis/platform.ts';
import { processExecution } from '../../lib/apis/process-runs/process-execution.ts';
import type { ExecutionReader, ExecutionState, ExecutionTexts, RunExecutor } from '../../lib/runs/ports.ts';
import { executionInput, type Run } from '../../lib/runs/run.ts';
import type { Ending, Invocation, Simulation } from './simulation.ts';
import type { Weather } from './weather.ts';

const Retrier = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
});
const Machine = z.object({
  TimeoutSeconds: z.number().default(Number.POSITIVE_INFINITY),
  States: z.record(z.string(), z.object({ TimeoutSeconds: z.number(), Retry: z.array(Retrier).min(1) })),
});

/** What the one task state of a machine of ours says of its time and its tries, in seconds. */
export interface MachineRules {
  machineSeconds: number;
  stateSeconds: number;
  retry: z.infer<typeof Retrier>;
}

/** Of `lib/machines/<name>.asl.json`, so that a schedule goes as the machine that is deployed says. */
export async function machineRules(name: string): Promise<MachineRules> {
  const file = new URL(`../../lib/machines/${name}.asl.json`, import.meta.url);
  const machine = Machine.parse(JSON.parse(await readFile(file, 'utf8')));
  const [state] = Object.values(machine.States);
  const retry = state?.Retry.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.ServiceException'));
  if (state === undefined || retry === undefined) throw new TypeError(`${name} has no task that is retried`);
  return { machineSeconds: machine.TimeoutSeconds, stateSeconds: state.TimeoutSeconds, retry };
}

/** A Lambda function works no longer than this, in seconds. */
const FUNCTION_SECONDS = 900;

export interface Task {
  rules: MachineRules;
  /** The function behind the state. */
  work(invocation: Invocation, payload: Record<string, unknown>): Promise<unknown>;
}

export interface Outside {
  simulation: Simulation;
  weather: Weather;
  /** Whether machines live in our own process: then they are forgotten with it, and a stop ends the work. */
  isLocal: boolean;
  tasks: { document: Task; thread: Task; agent: Task };
  /** Hands a status change to `settle`. */
  tell(event: unknown): Promise<void>;
}

interface Execution {
  run: Run;
  arn: string;
  input: unknown;
  startDate: number;
  state: ExecutionState;
  redrives: number;
  /** In milliseconds since 1970. */
  endedAt?: number;
  /** The functions that work on it. */
  workers: Set<Invocation>;
}

type Attempt = { output: unknown } | { error: string };

/** Step Functions, or what stands for it on a laptop, as far as runs see it. */
export class Machines implements RunExecutor, ExecutionReader, WaitedMachines {
  readonly executions = new Map<string, Execution>();
  readonly #outside: Outside;
  /** Status changes on their way. */
  #telling = 0;
  /** Executions of waited machines. */
  #waited = 0;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** Whether something may still come of what was started. */
  get isBusy(): boolean {
    const isRunning = [...this.executions.values()].some(({ state }) => state.status === 'running');
    return isRunning || this.#telling > 0 || this.#waited > 0;
  }

  async start(run: Run): Promise<void> {
    if (this.executions.has(run.id)) return;
    const isProcess = run.kind === 'process';
    const machineArn = isProcess
      ? String(run.input.stateMachineArn)
      : `arn:aws:states:local:0:stateMachine:${run.kind}`;
    const execution: Execution = {
      run,
      arn: `${machineArn.replace(':stateMachine:', ':execution:')}:${run.id}`,
      input: isProcess ? processExecution(run) : executionInput(run),
      startDate: Date.now(),
      state: { status: 'running' },
      redrives: 0,
      workers: new Set(),
    };
    this.executions.set(run.id, execution);
    if (isProcess) void this.#process(execution);
    else void this.#execute(execution);
  }

  async stop(run: Run, reason: string): Promise<void> {
    const execution = this.executions.get(run.id);
    if (execution === undefined) return;
    if (this.#outside.isLocal)
      for (const worker of execution.workers) this.#outside.simulation.kill(worker, reason);
    this.#end(execution, { status: 'aborted', cause: reason });
  }

  async describe(run: Run): Promise<ExecutionState> {
    return this.executions.get(run.id)?.state ?? { status: 'none' };
  }

  async lookUp(arn: string): Promise<ExecutionTexts | undefined> {
    const found = [...this.executions.values()].find((execution) => execution.arn === arn);
    return found && { input: JSON.stringify(found.input) };
  }

  /** The process that they lived in is gone, and says nothing of it. */
  forget(): void {
    this.executions.clear();
  }

  async run(run: Run, input: Record<string, unknown>, signal: AbortSignal): Promise<Ended> {
    const { simulation, tasks, isLocal } = this.#outside;
    const workers = new Set<Invocation>();
    this.#waited += 1;
    const attempts = this.#attempts(run.id, tasks.agent, input, workers, () => true);
    const finished = attempts.finally(() => {
      this.#waited -= 1;
    });
    const aborted = new Promise<'aborted'>((resolve) => {
      signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
    const ended = await Promise.race([finished, aborted]);
    if (ended === 'aborted') {
      // The SDK's client throws; the machine goes on, but on a laptop.
      if (!isLocal) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      for (const worker of workers) simulation.kill(worker, 'nobody waits for it');
      return { status: 'aborted' };
    }
    return 'error' in ended ? { status: 'failed' } : { status: 'succeeded', output: ended.output };
  }

  async #process(execution: Execution): Promise<void> {
    const { simulation, weather } = this.#outside;
    const { milliseconds, end, isRedriven } = weather.process();
    void this.#tell(execution, { status: 'running' });
    await simulation.wait(milliseconds);
    if (!this.#end(execution, end) || !isRedriven || end.status === 'succeeded') return;
    await simulation.wait(milliseconds);
    if (!this.#isKnown(execution)) return;
    execution.redrives += 1;
    execution.state = { status: 'running', redrives: execution.redrives };
    simulation.note(`execution ${execution.run.id} is redriven`);
    void this.#tell(execution, { status: 'running' });
    await simulation.wait(milliseconds);
    this.#end(execution, { status: 'succeeded', output: { redriven: true } });
  }

  async #execute(execution: Execution): Promise<void> {
    const { simulation, tasks } = this.#outside;
    const { run, workers } = execution;
    const task = run.kind === 'thread' ? tasks.thread : tasks.document;
    const { machineSeconds } = task.rules;
    const attempts = this.#attempts(run.id, task, { ...executionInput(run) }, workers, () =>
      this.#isRunning(execution),
    );
    if (Number.isFinite(machineSeconds)) {
      void simulation.wait(machineSeconds * 1000).then(() => this.#end(execution, { status: 'timed_out' }));
    }
    const ended = await attempts;
    this.#end(
      execution,
      'error' in ended
        ? { status: 'failed', error: ended.error, cause: '{"errorMessage":"internal"}' }
        : { status: 'succeeded', output: ended.output },
    );
  }

  /** Tries a task as often as its machine does, while its execution goes on. */
  async #attempts(
    name: string,
    { rules, work }: Task,
    input: Record<string, unknown>,
    workers: Set<Invocation>,
    goesOn: () => boolean,
  ): Promise<Attempt> {
    const { simulation, weather } = this.#outside;
    const { ErrorEquals, IntervalSeconds, MaxAttempts, BackoffRate } = rules.retry;
    for (let delivery = 0; ; delivery += 1) {
      const invoke = (which: string): Promise<Ending<unknown>> =>
        simulation.invoke(
          { name: `${which}${delivery} ${name.slice(-4)}`, seconds: FUNCTION_SECONDS, skew: weather.skew() },
          (invocation) => {
            workers.add(invocation);
            return work(invocation, { ...input, delivery });
          },
        );
      const again = weather.redelivery();
      if (again !== undefined)
        void simulation.wait(again).then(() => (goesOn() ? invoke('again') : undefined));
      const late = simulation.wait(rules.stateSeconds * 1000).then(() => 'late' as const);
      const ending = await Promise.race([invoke('work'), late]);
      if (ending === 'late') return { error: 'States.Timeout' };
      if (ending.status === 'done') return { output: ending.value };
      const error =
        ending.status === 'threw' && ending.error instanceof Error ? ending.error.name : 'Lambda.Unknown';
      if (!ErrorEquals.includes(error) || delivery >= MaxAttempts || !goesOn()) return { error };
      await simulation.wait(IntervalSeconds * BackoffRate ** delivery * 1000);
    }
  }

  #isKnown = (execution: Execution): boolean => this.executions.get(execution.run.id) === execution;

  #isRunning = (execution: Execution): boolean =>
    this.#isKnown(execution) && execution.state.status === 'running';

  /** False when it has ended already, or nobody knows of it any more. */
  #end(execution: Execution, end: EndState): boolean {
    if (!this.#isRunning(execution)) return false;
    const { run, redrives } = execution;
    execution.state = { ...end, ...(redrives > 0 ? { redrives } : {}) };
    execution.endedAt = Date.now();
    this.#outside.simulation.note(`execution ${run.id.slice(-4)} is ${end.status}`);
    void this.#tell(execution, end);
    return true;
  }

  async #tell(execution: Execution, state: EndState | { status: 'running' }): Promise<void> {
    const { weather, simulation, tell } = this.#outside;
    const { run, arn, input, startDate, redrives } = execution;
    const facts = {
      executionArn: arn,
      stateMachineArn: arn.replace(/:execution:(.*):.*/, ':stateMachine:$1'),
    };
    const event = statusChange({ ...facts, name: run.id, startDate, input }, state);
    const detail = { ...event.detail, redriveCount: redrives };
    const deliveries = weather.deliveries();
    if (deliveries.length === 0)
      simulation.note(`the event that ${run.id.slice(-4)} is ${state.status} is lost`);
    await Promise.all(
      deliveries.map(async (milliseconds) => {
        this.#telling += 1;
        await simulation.wait(milliseconds);
        // A laptop's own process tells itself, while it lives.
        const isHeard = !this.#outside.isLocal || this.#isKnown(execution);
        if (isHeard) await tell({ ...event, detail });
        this.#telling -= 1;
      }),
    );
  }
}
