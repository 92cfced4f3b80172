import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { answerThreadTask } from '../../lambdas/steps/answer-thread.ts';
import { processDocumentTask } from '../../lambdas/steps/process-document.ts';
import { runAgentTask } from '../../lambdas/steps/run-agent.ts';
import { settle } from '../../lambdas/steps/settle.ts';
import { sweep } from '../../lambdas/steps/sweep.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import type { Item } from '../../lib/adapters/aws/dynamo/items.ts';
import { ExpressMachines } from '../../lib/adapters/aws/express-machines.ts';
import { ProcessExecutor } from '../../lib/adapters/aws/process-executor.ts';
import { machines } from '../../lib/adapters/aws/step-functions-executor.ts';
import { toHandler, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { closeLastLogs } from '../../lib/adapters/local/dynamo/close-last-logs.ts';
import { router } from '../../lib/adapters/local/server/router.ts';
import { setBackWatch } from '../../lib/adapters/local/set-back.ts';
import type { BoundRoute } from '../../lib/adapters/local/start.ts';
import { isStreaming, pathsOf } from '../../lib/apis/operation/operation.ts';
import type { CaretakingPlatform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { processExecution } from '../../lib/apis/process-runs/process-execution.ts';
import { ANY_LEASE, abandonedRuns } from '../../lib/runs/abandoned.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { MemoryTable } from '../reliability/memory-table.ts';
import { type Ending, Invocation, Simulation } from '../reliability/simulation.ts';
import { type Dice, diceOf } from '../support/nasty.ts';
import { contextOf, eventOf, type HttpRequest, KeptStream, textOf } from './functions.ts';
import { History } from './history.ts';
import { idsOf } from './ids.ts';
import type { Plan } from './plan.ts';
import { ROUTES } from './routes.ts';
import { SimulatedFiles } from './simulated-files.ts';
import { PlannedSky } from './sky.ts';
import { OURS, StepFunctions } from './step-functions.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Everything that any function may need. */
export type Everything = Parameters<BoundRoute['respond']>[1] & CaretakingPlatform;

/** A fault that is planted: parts in the place of the right ones. */
export interface Plant {
  /** Wraps the ports of an instance, beneath everything else. */
  platform?(platform: Everything): Everything;
  /** Whose writes are made whatever their conditions say. */
  forgets?(key: { pk: string; sk: string }): boolean;
  isDeaf?: boolean;
  neverSweeps?: boolean;
}

export interface Answer {
  /** 0 when there was none. */
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** A warm function: one request at a time, and what it remembers from one to the next. */
interface Instance {
  platform: Everything;
  /** What its stores send to. */
  client: DynamoDBDocumentClient;
  current: Invocation;
  /** How far its clock is from the others', in milliseconds. */
  skew: number;
  sweep?: () => Promise<unknown>;
}

/** API Gateway waits so long for a whole answer, and so long for a stream, in seconds. */
const BUFFERED_SECONDS = 29;
const STREAMING_SECONDS = 900;
/** A function works no longer than this, in seconds; one that settles or sweeps less. */
const FUNCTION_SECONDS = 900;
const CARETAKER_SECONDS = 300;
const SWEEP_MS = 60_000;
/** After which times EventBridge hands on an event again that its function did not take, in milliseconds. */
const AGAIN_MS = [60_000, 120_000];
/** How far the clocks of functions are apart at most, in milliseconds. */
const MOST_SKEW_MS = 200;

const TABLE_NAME = 'simulated';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOBODY = new Invocation('nobody', 0);

/** Everything that there is in one schedule. */
export class World {
  readonly history: History;
  readonly simulation: Simulation;
  readonly sky: PlannedSky;
  readonly files: SimulatedFiles;
  readonly functions: StepFunctions;
  /** Which tenant a workspace is. */
  readonly tenants = new Map<string, string>();
  /** Whom a token speaks for. */
  readonly subjects = new Map<string, string>();
  readonly time: VirtualTime;
  readonly #table: MemoryTable;
  readonly #client: DynamoDBDocumentClient;
  readonly #plan: Plan;
  readonly #plant: Plant;
  readonly #dice: Dice;
  readonly #ids: Dice;
  readonly #find: (method: string, path: string) => Found | undefined;
  readonly #idle = new Map<string, Instance[]>();
  readonly #instances = new Set<Instance>();
  #sweeper: NodeJS.Timeout | undefined;
  #isResumeDue = false;
  /** Runs of the callers who went with the process that was killed last. */
  #abandoned: ReadonlySet<string> = new Set();
  readonly #wasSetBack: () => boolean;
  #asks = 0;
  /** How far the clock of a laptop is from the right one, in milliseconds. */
  #stepped = 0;
  #newId: () => string;
  #events = 0;
  #tasks = 0;
  #fates = 0;
  /** Who is at work: whatever is written now, is written by them. */
  #writer = NOBODY.name;

  constructor(seed: number, plan: Plan, plant: Plant, time: VirtualTime) {
    this.#plan = plan;
    this.#plant = plant;
    this.time = time;
    this.#dice = diceOf(seed ^ 0xd1ce);
    this.#ids = diceOf(seed ^ 0x1d5);
    this.history = new History(time.now);
    this.sky = new PlannedSky(plan);
    this.#table = new MemoryTable({
      forgets: (key) => this.#writer !== NOBODY.name && plant.forgets?.(key) === true,
      wrote: ({ pk, sk }, item) => this.history.add({ type: 'write', by: this.#writer, pk, sk, item }),
    });
    this.#client = this.#table.client();
    this.files = new SimulatedFiles((what, key, bytes) =>
      this.history.add({ type: 'file', by: this.#writer, what, key, bytes }),
    );
    const setLag = (milliseconds: number): void => {
      this.#table.lag = milliseconds;
    };
    this.simulation = new Simulation(this.sky, setLag, time);
    time.stall = () => {
      const milliseconds = this.sky.stall();
      this.history.add({
        ...{ type: 'call', by: 'model', name: 'model.word' },
        ...(milliseconds === 0 ? {} : { fault: `late answer ${milliseconds}` }),
      });
      return milliseconds;
    };
    this.functions = new StepFunctions({
      history: this.history,
      isLocal: plan.isLocal,
      wait: (milliseconds) => this.simulation.wait(milliseconds),
      fate: () => this.#nextFate(),
      deliveries: () => this.#nextDeliveries(),
      task: () => this.#nextTask(),
      work: (task, input) => this.#work(task, input),
      tell: async (event) => {
        if (plant.isDeaf !== true) await this.#settle(event);
      },
    });
    this.#newId = this.#newIds();
    this.#wasSetBack = setBackWatch(() => new Date(Date.now() + this.#stepped));
    this.#find = finder();
    for (const { at, by } of plan.steps) setTimeout(() => this.#step(by), at);
  }

  /** From now on the platform looks after its runs every minute. */
  beginToSweep(): void {
    if (this.#plant.neverSweeps === true) return;
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS);
  }

  /** No fault befalls anything any more. */
  calmDown(): void {
    this.sky.isOver = true;
    this.history.add({ type: 'note', text: 'all is fine' });
  }

  get isBusy(): boolean {
    return this.simulation.live.size > 0 || this.functions.isBusy;
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  /** Puts what another world was prepared with into this one. */
  takeOver(prepared: World): void {
    for (const entry of prepared.history.entries) {
      if (entry.type === 'write' && entry.item !== undefined) this.#table.put(toItem(entry));
    }
    for (const [key, file] of prepared.files.kept) this.files.kept.set(key, file);
    for (const [id, tenant] of prepared.tenants) this.tenants.set(id, tenant);
    for (const [token, subject] of prepared.subjects) this.subjects.set(token, subject);
    for (const [arn, machine] of prepared.functions.machines)
      this.functions.machines.set(arn, { ...machine });
    for (const [name, party] of prepared.history.parties) this.history.parties.set(name, party);
  }

  /** The ports as they are, to which nothing happens. */
  calm(): Everything {
    return this.#build(undefined).platform;
  }

  /** One request, from a lane, to whichever function answers it. */
  async ask(
    lane: string,
    party: string,
    request: HttpRequest,
    { hangsUpAfter = Number.POSITIVE_INFINITY } = {},
  ): Promise<Answer> {
    const { history } = this;
    const no = this.#asks;
    this.#asks += 1;
    const { method, path, headers, body } = request;
    const key = headers['idempotency-key'];
    const text = Buffer.isBuffer(body) ? body.toString('latin1') : (body ?? '');
    history.add({ type: 'ask', no, party, method, path, body: text, ...(key === undefined ? {} : { key }) });
    const found = this.#find(method, path.split('?')[0] ?? '');
    if (found === undefined) throw new TypeError(`No function answers ${method} ${path}`);
    const { route, resource, pathParameters } = found;
    const { operationId } = route.operation;
    const requestId = `r-${no}`;
    const event = eventOf(request, resource, pathParameters, requestId);
    const context = contextOf(operationId, requestId);
    const seconds = isStreaming(route.operation) ? STREAMING_SECONDS : BUFFERED_SECONDS;
    const ending = await this.#invoke(
      operationId,
      `${lane} ${no} ${operationId}`,
      seconds,
      async (platform) => {
        if (!isStreaming(route.operation)) {
          const result = await toHandler(route, () => platform)(event, context);
          const given = Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]);
          return { status: result.statusCode, headers: Object.fromEntries(given), text: textOf(result) };
        }
        const stream = new KeptStream();
        stream.on('error', () => undefined); // the function hears of it by its own means
        stream.onChunk = (chunks) => {
          if (chunks >= hangsUpAfter) stream.destroy();
        };
        const responseStream = stream as unknown as awslambda.HttpResponseStream;
        await toStreamHandler(route, () => platform)(event, responseStream, context);
        return { status: stream.status, headers: stream.headers, text: stream.text };
      },
    );
    if (ending.status === 'done') {
      history.add({ type: 'answer', no, ...bare(ending.value) });
      return ending.value;
    }
    history.add({ type: 'no answer', no, why: ending.status });
    return { status: 0, headers: {}, text: '' };
  }

  /** The process ends and starts again: everything that was at work is gone, and open runs are looked at. */
  async reboot(): Promise<void> {
    this.history.add({ type: 'note', text: 'the process is killed' });
    this.history.faults += 1;
    for (const invocation of [...this.simulation.live]) this.simulation.kill(invocation, 'kill -9');
    this.#idle.clear();
    this.functions.forget();
    this.#newId = this.#newIds();
    this.#abandoned = await abandonedRuns(this.calm());
    await this.#resume();
  }

  /** As a laptop's platform does, which looks at every open run: what breaks off is begun again by the next sweep. */
  async #resume(): Promise<void> {
    this.#isResumeDue = false;
    const ending = await this.#invoke(
      'sweep',
      'sweep boot',
      FUNCTION_SECONDS,
      async (platform, { client }) => {
        await sweepRuns(platform, {
          ...{ leaseBefore: ANY_LEASE, withinMs: Number.POSITIVE_INFINITY },
          ...{ abandoned: this.#abandoned, keepOutput: keepOutputs(platform.files) },
        });
        await closeLastLogs(platform, client, TABLE_NAME);
      },
    );
    this.#isResumeDue = ending.status !== 'done';
  }

  /** Calls a function: a warm instance of it, or a new one. Who dies is never warm again. */
  async #invoke<T>(
    name: string,
    label: string,
    seconds: number,
    work: (platform: Everything, instance: Instance) => Promise<T>,
  ): Promise<Ending<T>> {
    const warm = this.#idle.get(name) ?? [];
    this.#idle.set(name, warm);
    const instance = warm.pop() ?? this.#newInstance();
    const ending = await this.simulation.invoke({ name: label, seconds }, (invocation) => {
      instance.current = invocation;
      return work(instance.platform, instance);
    });
    if (ending.status === 'died') {
      this.#instances.delete(instance);
      this.history.add({ type: 'note', text: `${label} dies` });
    } else if (this.#idle.get(name) === warm) warm.push(instance);
    if (ending.status === 'threw')
      this.history.add({ type: 'note', text: `${label}: ${said(ending.error)}` });
    return ending;
  }

  /** A laptop has one clock; those of functions are kept together by whoever runs them. */
  #step(by: number): void {
    const { isLocal } = this.#plan;
    this.history.add({ type: 'note', text: `${isLocal ? 'the clock steps' : 'clocks step'} by ${by} ms` });
    this.history.faults += 1;
    this.#stepped += by;
    for (const instance of this.#instances)
      instance.skew = isLocal ? this.#stepped : withinSkew(instance.skew + by);
  }

  #newInstance(): Instance {
    const skew = this.#plan.isLocal ? this.#stepped : this.#dice.below(2 * MOST_SKEW_MS) - MOST_SKEW_MS;
    const instance: Partial<Instance> & Pick<Instance, 'current' | 'skew'> = { current: NOBODY, skew };
    const made = Object.assign(instance, this.#build(instance));
    this.#instances.add(made);
    return made;
  }

  /** The ids of a laptop, all of whose work is done in one process. */
  #newIds(): () => string {
    return idsOf(this.#ids, () => Date.now() + this.#stepped);
  }

  #build(instance: Pick<Instance, 'current' | 'skew'> | undefined): Pick<Instance, 'platform' | 'client'> {
    const through = (name: string, act: () => Promise<unknown>, isLong = false): Promise<unknown> =>
      instance === undefined ? act() : this.#through(instance.current, name, isLong, act);
    const client: DynamoDBDocumentClient = Object.create(this.#client);
    Object.assign(client, {
      send: (command: { constructor: { name: string } }) =>
        through(verbOf(command), async () => this.#table.answer(command)),
    });
    const sfn = this.functions.client((name, isLong, act) => through(name, act, isLong));
    const files = new Proxy(this.files, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function' || typeof method !== 'string') return value;
        // Forms and addresses are signed without asking anybody.
        if (method.startsWith('sign')) return value.bind(target);
        return (...args: unknown[]) => through(`files.${method}`, async () => value.apply(target, args));
      },
    });
    const now = (): Date => new Date(Date.now() + (instance?.skew ?? 0));
    const platform: Everything = {
      ...dynamoStores(client, TABLE_NAME),
      files,
      executor: new ProcessExecutor(sfn, machines(OURS, { process: processExecution })),
      waited: new ExpressMachines(sfn, OURS.agent),
      now,
      newId: this.#plan.isLocal ? () => this.#newId() : idsOf(this.#ids, () => now().getTime()),
      tokens: {
        verify: async (token) => {
          const sub = this.subjects.get(token);
          return sub === undefined ? undefined : { sub };
        },
      },
      models: () => ({ resolveSecret: async () => '' }),
      logger: quiet,
      corsOrigins: [],
      limits: { requestBytes: 4_000_000 },
      viewer: { read: async () => undefined } as unknown as Everything['viewer'],
      account: { concurrency: async () => 1000 },
    };
    const planted = instance === undefined ? platform : (this.#plant.platform?.(platform) ?? platform);
    return { platform: planted, client };
  }

  /** A call that leaves the process. */
  #through(
    invocation: Invocation,
    name: string,
    isLong: boolean,
    act: () => Promise<unknown>,
  ): Promise<unknown> {
    const by = invocation.name;
    return this.simulation.request(
      invocation,
      name,
      () => {
        this.#writer = by;
        return act();
      },
      isLong,
      (fault) => this.history.add({ type: 'call', by, name, ...(fault === undefined ? {} : { fault }) }),
    );
  }

  #nextFate() {
    const { fates } = this.#plan;
    const fate = fates[this.#fates % fates.length];
    this.#fates += 1;
    return fate ?? { milliseconds: 2000, end: 'succeeded' as const, isRedriven: false };
  }

  #nextDeliveries(): number[] {
    const found = this.#plan.events.find(({ nth }) => nth === this.#events);
    this.#events += 1;
    if (found === undefined || this.sky.isOver || this.#plan.isLocal) return [300];
    this.history.faults += 1;
    return found.deliveries;
  }

  #nextTask() {
    const found = this.#plan.tasks.find(({ nth }) => nth === this.#tasks);
    this.#tasks += 1;
    if (found === undefined || this.sky.isOver || this.#plan.isLocal) return {};
    this.history.faults += 1;
    const { againAfter, givenUpAfter } = found;
    return {
      ...(againAfter === undefined ? {} : { againAfter }),
      ...(givenUpAfter === undefined ? {} : { givenUpAfter }),
    };
  }

  #work(task: 'document' | 'thread' | 'agent', input: Record<string, unknown>) {
    const tenant = this.tenants.get(String(input.workspaceId)) ?? '?';
    const label = `work${tenant} ${task} ${String(input.runId).slice(-4)} ${String(input.delivery)}`;
    const handle: { invocation?: Invocation } = {};
    const ending = this.#invoke<unknown>(`work ${task}`, label, FUNCTION_SECONDS, (platform, { current }) => {
      handle.invocation = current;
      return TASKS[task](() => platform)(input);
    });
    const stop = (why: string): void => {
      if (handle.invocation !== undefined) this.simulation.kill(handle.invocation, why);
    };
    return { ending, stop };
  }

  async #settle(event: unknown): Promise<void> {
    // A laptop says everything once.
    for (const again of this.#plan.isLocal ? [undefined] : [...AGAIN_MS, undefined]) {
      const ending = await this.#invoke('settle', 'settle', CARETAKER_SECONDS, (platform) =>
        settle(() => platform)(event),
      );
      if (ending.status === 'done') return;
      if (again !== undefined) await this.simulation.wait(again);
    }
    const { name = '', status = '' } = Object(Reflect.get(Object(event), 'detail'));
    this.history.add({ type: 'machine', what: 'event lost', run: String(name), detail: String(status) });
  }

  async #sweep(): Promise<void> {
    if (this.#plan.isLocal) this.#isResumeDue ||= this.#wasSetBack();
    if (this.#isResumeDue) {
      await this.#resume();
      return;
    }
    await this.#invoke('sweep', 'sweep', CARETAKER_SECONDS, (platform, instance) => {
      instance.sweep ??= sweep(() => platform);
      return instance.sweep();
    });
  }
}

const TASKS = {
  document: (platform: () => Everything) => processDocumentTask(platform),
  thread: (platform: () => Everything) => answerThreadTask(platform),
  agent: (platform: () => Everything) => runAgentTask(platform),
};

interface Found {
  route: BoundRoute;
  resource: string;
  pathParameters: Record<string, string>;
}

function finder(): (method: string, path: string) => Found | undefined {
  const patterns = ROUTES.flatMap((route) =>
    pathsOf(route.operation).map((path) => ({ method: route.operation.method, path, bound: route })),
  );
  const find = router(patterns);
  return (method, path) => {
    const found = find(method, path);
    if (found === undefined) return undefined;
    const { route, pathParameters } = found;
    return { route: route.bound, resource: route.path, pathParameters };
  };
}

const VERBS: Record<string, string> = {
  GetCommand: 'table.get',
  PutCommand: 'table.put',
  DeleteCommand: 'table.delete',
  QueryCommand: 'table.query',
  ScanCommand: 'table.scan',
  BatchGetCommand: 'table.getMany',
};
const verbOf = (command: { constructor: { name: string } }): string =>
  VERBS[command.constructor.name] ?? command.constructor.name;

const toItem = ({
  pk,
  sk,
  item,
}: {
  pk: string;
  sk: string;
  item: Record<string, unknown> | undefined;
}): Item => ({ ...item, pk, sk }) as Item;

const withinSkew = (skew: number): number => Math.max(-MOST_SKEW_MS, Math.min(MOST_SKEW_MS, skew));

const bare = ({ status, headers, text }: Answer) => ({ status, headers, body: text });

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = error instanceof AggregateError ? error.errors.slice(0, 2).map(said) : [];
  const cause = error.cause === undefined ? [] : [said(error.cause)];
  return [`${error.name}: ${error.message}`, ...parts, ...cause].join(' ← ');
}
