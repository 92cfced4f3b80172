import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ListTagsForResourceCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { statusChange } from '../../lib/adapters/local/asl/status-change-event.ts';
import { type MachineRules, machineRules } from '../reliability/machines.ts';
import type { Ending } from '../reliability/simulation.ts';
import type { History } from './history.ts';

/** A state machine of the account. */
export interface Machine {
  arn: string;
  type: 'STANDARD' | 'EXPRESS';
  /** Whether it carries the tag by which this platform may touch it; ours need none. */
  isTagged: boolean;
  /** Of ours, which task it calls. */
  task?: 'document' | 'thread' | 'agent';
}

const arnOf = (name: string): string => `arn:aws:states:eu-west-1:000000000000:stateMachine:${name}`;

export const OURS = { document: arnOf('document'), thread: arnOf('thread'), agent: arnOf('agent') };
/** By tenant, what becomes of the process behind it. */
export const processArn = (tenant: string, kind: 'plain' | 'strayed' | 'express'): string =>
  arnOf(`${tenant}-${kind}`);

const RULES: Record<'document' | 'thread' | 'agent', MachineRules> = {
  document: await machineRules('document-run'),
  thread: await machineRules('thread-run'),
  agent: await machineRules('agent-run'),
};

/** How somebody's process fares. */
export interface Fate {
  milliseconds: number;
  end: 'succeeded' | 'large' | 'failed' | 'timed out' | 'aborted';
  isRedriven: boolean;
}

export interface Delivered {
  /** After so many milliseconds each, the event reaches `settle`; it is lost when there is none. */
  deliveries: number[];
}

/** What befalls a call of a task: it is made once more, or its caller gives it up and calls again while it works on. */
export interface TaskFate {
  againAfter?: number;
  givenUpAfter?: number;
}

export interface Surroundings {
  history: History;
  /** Whether machines live in our own process: then they are forgotten with it, and a stop ends the work. */
  isLocal: boolean;
  wait(milliseconds: number): Promise<void>;
  fate(tenant: string): Fate;
  deliveries(): number[];
  task(): TaskFate;
  /** Calls the function behind a task; `stop` ends it. */
  work(
    task: 'document' | 'thread' | 'agent',
    input: Record<string, unknown>,
  ): { ending: Promise<Ending<unknown>>; stop(why: string): void };
  /** Hands a status change to `settle`. */
  tell(event: unknown): Promise<void>;
}

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

interface Execution {
  arn: string;
  machine: Machine;
  name: string;
  input: string;
  startDate: number;
  status: Status;
  output?: string;
  error?: string;
  cause?: string;
  redrives: number;
  stops: Set<(why: string) => void>;
}

const refused = (name: string, message: string): Error => Object.assign(new Error(message), { name });

const facts = { message: '', $metadata: {} };

/** Step Functions and EventBridge, as far as they are seen from the platform. */
export class StepFunctions {
  readonly machines = new Map<string, Machine>();
  readonly #executions = new Map<string, Execution>();
  readonly #around: Surroundings;
  /** What may still come: status changes on their way, executions that somebody waits for. */
  #coming = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    for (const task of ['document', 'thread', 'agent'] as const) {
      const type = task === 'agent' ? 'EXPRESS' : 'STANDARD';
      this.machines.set(OURS[task], { arn: OURS[task], type, isTagged: true, task });
    }
  }

  /** Whether something may still come of what was started. */
  get isBusy(): boolean {
    return this.#coming > 0 || [...this.#executions.values()].some(({ status }) => status === 'RUNNING');
  }

  /** A client whose every request goes through `send`, which may let something befall it. */
  client(send: (name: string, isLong: boolean, act: () => Promise<unknown>) => Promise<unknown>): SFNClient {
    const client: SFNClient = Object.create(SFNClient.prototype);
    return Object.assign(client, {
      send: (command: unknown, options?: { abortSignal?: AbortSignal }) => {
        const [name, isLong, act] = this.#request(command, options?.abortSignal);
        return send(`sfn.${name}`, isLong, act);
      },
    });
  }

  /** The process that they lived in is gone, and says nothing of it. */
  forget(): void {
    this.#executions.clear();
    this.#around.history.add({ type: 'machine', what: 'forgotten', run: '' });
  }

  /** An execution that began before anybody looked, and succeeds after so many milliseconds. */
  stand(machineArn: string, name: string, input: string, milliseconds: number): void {
    const machine = this.#machine(machineArn);
    const execution = this.#make(machine, name, input);
    this.#executions.set(execution.arn, execution);
    void this.#around.wait(milliseconds).then(() => this.#end(execution, ...ENDS.succeeded(name)));
  }

  #request(command: unknown, signal: AbortSignal | undefined): [string, boolean, () => Promise<unknown>] {
    if (command instanceof StartExecutionCommand) {
      const { stateMachineArn = '', name = '', input = '' } = command.input;
      return ['start', false, async () => this.#start(stateMachineArn, name, input)];
    }
    if (command instanceof StopExecutionCommand) {
      const { executionArn = '', cause = '' } = command.input;
      return ['stop', false, async () => this.#stop(executionArn, cause)];
    }
    if (command instanceof DescribeExecutionCommand) {
      const { executionArn = '' } = command.input;
      return ['describe', false, async () => this.#describe(executionArn)];
    }
    if (command instanceof StartSyncExecutionCommand) {
      const { name = '', input = '' } = command.input;
      return ['startSync', true, () => this.#startSync(name, input, signal)];
    }
    if (command instanceof DescribeStateMachineCommand) {
      const { stateMachineArn = '' } = command.input;
      return ['describeMachine', false, async () => this.#describeMachine(stateMachineArn)];
    }
    if (command instanceof ListTagsForResourceCommand) {
      const { resourceArn = '' } = command.input;
      return ['listTags', false, async () => this.#tags(resourceArn)];
    }
    throw new TypeError('The simulated Step Functions do not know this command');
  }

  #machine(arn: string): Machine {
    const machine = this.machines.get(arn);
    if (machine === undefined) throw new StateMachineDoesNotExist({ ...facts, message: `No machine ${arn}` });
    return machine;
  }

  /** What the role of the platform may not touch, it may not know of. */
  #assertTagged({ isTagged, arn }: Machine): void {
    if (!isTagged) throw refused('AccessDeniedException', `Not authorized to access ${arn}`);
  }

  #start(machineArn: string, name: string, input: string): { executionArn: string; startDate: Date } {
    const machine = this.#machine(machineArn);
    this.#assertTagged(machine);
    const { history } = this.#around;
    if (machine.type === 'EXPRESS') {
      history.add({ type: 'machine', what: 'started', run: name, detail: 'express' });
      return {
        executionArn: `${machineArn.replace(':stateMachine:', ':express:')}:${name}`,
        startDate: new Date(),
      };
    }
    const made = this.#make(machine, name, input);
    const standing = this.#executions.get(made.arn);
    if (standing?.status === 'RUNNING' && standing.input === input)
      return { executionArn: made.arn, startDate: new Date(standing.startDate) };
    if (standing !== undefined) throw new ExecutionAlreadyExists({ ...facts, message: 'The name is taken' });
    this.#executions.set(made.arn, made);
    history.add({ type: 'machine', what: 'started', run: name });
    void (machine.task === undefined ? this.#process(made) : this.#execute(made));
    return { executionArn: made.arn, startDate: new Date(made.startDate) };
  }

  #make(machine: Machine, name: string, input: string): Execution {
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    return {
      arn,
      machine,
      name,
      input,
      startDate: Date.now(),
      status: 'RUNNING',
      redrives: 0,
      stops: new Set(),
    };
  }

  #find(arn: string): Execution {
    const machine = this.machines.get(arn.replace(/:execution:(.*):[^:]*$/, ':stateMachine:$1'));
    if (machine !== undefined) this.#assertTagged(machine);
    const found = this.#executions.get(arn);
    if (found === undefined) throw new ExecutionDoesNotExist({ ...facts, message: `No execution ${arn}` });
    return found;
  }

  #stop(arn: string, cause: string): { stopDate: Date } {
    const execution = this.#find(arn);
    if (this.#around.isLocal) for (const stop of execution.stops) stop(cause);
    this.#end(execution, 'ABORTED', { cause });
    return { stopDate: new Date() };
  }

  #describe(arn: string): object {
    const { name, input, startDate, status, output, error, cause, redrives } = this.#find(arn);
    return {
      ...{ executionArn: arn, name, input, startDate: new Date(startDate), status },
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(redrives === 0 ? {} : { redriveCount: redrives }),
    };
  }

  #describeMachine(arn: string): object {
    const machine = this.#machine(arn);
    this.#assertTagged(machine);
    return {
      ...{ stateMachineArn: arn, name: arn.split(':').at(-1), status: 'ACTIVE', type: machine.type },
      ...{ definition: '{"StartAt":"Work","States":{"Work":{"Type":"Pass","End":true}}}', roleArn: '' },
    };
  }

  #tags(arn: string): object {
    const { isTagged } = this.#machine(arn);
    return { tags: isTagged ? [{ key: 'runplane:process', value: 'true' }] : [] };
  }

  async #startSync(name: string, input: string, signal: AbortSignal | undefined): Promise<object> {
    const { history, isLocal } = this.#around;
    history.add({ type: 'machine', what: 'started', run: name, detail: 'waited for' });
    this.#coming += 1;
    const stops = new Set<(why: string) => void>();
    const attempts = this.#attempts('agent', JSON.parse(input), stops, () => true).finally(() => {
      this.#coming -= 1;
    });
    const aborted = new Promise<'aborted'>((resolve) => {
      signal?.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
    const ended = await Promise.race([attempts, aborted]);
    if (ended === 'aborted') {
      // The machine goes on, but on a laptop.
      if (isLocal) for (const stop of stops) stop('nobody waits for it');
      throw refused('AbortError', 'Request aborted');
    }
    return 'error' in ended
      ? { status: 'FAILED' }
      : { status: 'SUCCEEDED', output: JSON.stringify(ended.output) };
  }

  async #process(execution: Execution): Promise<void> {
    const { wait, fate, history } = this.#around;
    const tenant = execution.machine.arn.split(':').at(-1)?.split('-')[0] ?? '';
    const { milliseconds, end, isRedriven } = fate(tenant);
    void this.#tell(execution);
    await wait(milliseconds);
    const run = execution.name;
    const [status, more] = ENDS[end](run);
    if (!this.#end(execution, status, more) || !isRedriven || status === 'SUCCEEDED') return;
    this.#coming += 1;
    await wait(milliseconds);
    this.#coming -= 1;
    if (this.#executions.get(execution.arn) !== execution) return;
    execution.redrives += 1;
    execution.status = 'RUNNING';
    history.add({ type: 'machine', what: 'redriven', run });
    void this.#tell(execution);
    await wait(milliseconds);
    this.#end(execution, ...ENDS.succeeded(run));
  }

  async #execute(execution: Execution): Promise<void> {
    const { machine, stops } = execution;
    const task = machine.task ?? 'document';
    const { machineSeconds } = RULES[task];
    if (Number.isFinite(machineSeconds)) {
      const late = this.#around.wait(machineSeconds * 1000);
      void late.then(() => this.#end(execution, 'TIMED_OUT', {}));
    }
    const goesOn = (): boolean => this.#isRunning(execution);
    const ended = await this.#attempts(task, JSON.parse(execution.input), stops, goesOn);
    if ('error' in ended)
      this.#end(execution, 'FAILED', { error: ended.error, cause: '{"errorMessage":"internal"}' });
    else this.#end(execution, 'SUCCEEDED', { output: JSON.stringify(ended.output ?? null) });
  }

  /** Tries a task as often as its machine does, while its execution goes on. */
  async #attempts(
    task: 'document' | 'thread' | 'agent',
    input: Record<string, unknown>,
    stops: Set<(why: string) => void>,
    goesOn: () => boolean,
  ): Promise<{ output: unknown } | { error: string }> {
    const { wait, work, task: taskFate } = this.#around;
    const { retry, stateSeconds } = RULES[task];
    const call = (delivery: number): Promise<Ending<unknown>> => {
      const { ending, stop } = work(task, { ...input, delivery });
      stops.add(stop);
      return ending;
    };
    for (let delivery = 0; ; delivery += 1) {
      const { againAfter, givenUpAfter } = taskFate();
      if (againAfter !== undefined) void wait(againAfter).then(() => (goesOn() ? call(delivery) : undefined));
      const late = wait(stateSeconds * 1000).then(() => 'late' as const);
      const givenUp = givenUpAfter === undefined ? [] : [wait(givenUpAfter).then(() => 'given up' as const)];
      const ending = await Promise.race([call(delivery), late, ...givenUp]);
      if (ending === 'late') return { error: 'States.Timeout' };
      if (ending !== 'given up' && ending.status === 'done') return { output: ending.value };
      const error = ending === 'given up' ? 'Lambda.ServiceException' : errorOf(ending);
      if (!retry.ErrorEquals.includes(error) || delivery >= retry.MaxAttempts || !goesOn()) return { error };
      await wait(retry.IntervalSeconds * retry.BackoffRate ** delivery * 1000);
    }
  }

  #isRunning = (execution: Execution): boolean =>
    this.#executions.get(execution.arn) === execution && execution.status === 'RUNNING';

  /** False when it has ended already, or nobody knows of it any more. */
  #end(
    execution: Execution,
    status: Status,
    more: { output?: string; error?: string; cause?: string },
  ): boolean {
    if (!this.#isRunning(execution)) return false;
    Object.assign(execution, { output: undefined, error: undefined, cause: undefined }, more, { status });
    const { history } = this.#around;
    history.add({
      type: 'machine',
      what: status,
      run: execution.name,
      ...(more.output === undefined ? {} : { detail: more.output }),
    });
    void this.#tell(execution);
    return true;
  }

  async #tell(execution: Execution): Promise<void> {
    const { deliveries, wait, tell, isLocal, history } = this.#around;
    const { arn, machine, name, startDate, input, status, output, error, cause, redrives } = execution;
    const event = statusChange(
      { executionArn: arn, stateMachineArn: machine.arn, name, startDate, input: JSON.parse(input) },
      { status: 'running' },
    );
    const detail = {
      ...event.detail,
      ...{ status, stopDate: status === 'RUNNING' ? null : Date.now(), redriveCount: redrives },
      ...{ output: output ?? null, error: error ?? null, cause: cause ?? null },
    };
    const times = deliveries();
    if (times.length === 0) history.add({ type: 'machine', what: 'event lost', run: name, detail: status });
    await Promise.all(
      times.map(async (milliseconds) => {
        this.#coming += 1;
        await wait(milliseconds);
        // A laptop's own process tells itself, while it lives.
        if (!isLocal || this.#executions.get(arn) === execution) {
          history.add({ type: 'machine', what: 'told', run: name, detail: status });
          await tell({ ...event, detail });
        }
        this.#coming -= 1;
      }),
    );
  }
}

const errorOf = (ending: Ending<unknown>): string =>
  ending.status === 'threw' && ending.error instanceof Error ? ending.error.name : 'Lambda.Unknown';

type End = [Status, { output?: string; error?: string; cause?: string }];

/** More than stands in a run's record. */
const LARGE = 6000;

const ENDS: Record<Fate['end'], (run: string) => End> = {
  succeeded: (run) => ['SUCCEEDED', { output: JSON.stringify({ total: 3, of: run }) }],
  large: (run) => ['SUCCEEDED', { output: JSON.stringify({ text: 'x'.repeat(LARGE), of: run }) }],
  failed: () => ['FAILED', { error: 'NoStock', cause: 'Nothing left' }],
  'timed out': () => ['TIMED_OUT', {}],
  aborted: () => ['ABORTED', { cause: 'Its owner stopped it' }],
};
