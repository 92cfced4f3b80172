import * as fc from 'fast-check';
import type { Fault } from '../reliability/simulation.ts';

export const LOUD = ['A', 'B'] as const;
/** Nothing is done to this tenant but what others do to it. */
export const QUIET = 'C';

/** What a caller asks for: see `callers.ts`. */
export const DEEDS = [
  'document',
  'batch',
  'upload',
  'form',
  'process',
  'express',
  'thread',
  'chat',
  'answer',
  'stream',
  'revoke',
  'pry',
] as const;
export type Deed = (typeof DEEDS)[number];

/** Who a caller is: keys of the workspace, keys of one agent, people with tokens. */
export const ROLES = ['owner', 'member', 'one', 'two', 'ada', 'bob'] as const;
export type Role = (typeof ROLES)[number];

/** Times are in milliseconds; those without another name count from the beginning. */
export interface Caller {
  tenant: (typeof LOUD)[number];
  role: Role;
  deed: Deed;
  /** Callers of one tenant that do the same in the same slot ask the same, under the same key. */
  slot: number;
  at: number;
  /** After how long the same is asked once more, beside the first time. */
  again?: number | undefined;
  /** After how long each, once it knows its run, it cancels it. */
  cancels: number[];
  /** How often it looks at its run, to upload an output by hand as soon as that is possible. */
  amends?: number | undefined;
  /** How long it waits where it may: after a failure, or before it completes an upload. */
  pause: number;
}

/**
 * What befalls the calls of a lane: those of a caller (`c0`), of the workers of a tenant (`workA`), of `settle`,
 * of `sweep`, of a model. Of those to a verb, if one is named, the `nth`; with `every`, so many after it again.
 */
export interface Strike {
  lane: string;
  verb?: string | undefined;
  nth: number;
  every?: number | undefined;
  fault: Fault;
  milliseconds: number;
}

export interface ProcessFate {
  milliseconds: number;
  end: 'succeeded' | 'large' | 'failed' | 'timed out' | 'aborted';
  isRedriven: boolean;
}

/** One schedule, whole: played again it is the same. */
export interface Plan {
  /** Whether everything lives in one process, as on a laptop. */
  isLocal: boolean;
  callers: Caller[];
  strikes: Strike[];
  /** What becomes of the nth event of a status change; others arrive soon. */
  events: { nth: number; deliveries: number[] }[];
  /** What befalls the nth call of a task. */
  tasks: { nth: number; againAfter?: number | undefined; givenUpAfter?: number | undefined }[];
  fates: ProcessFate[];
  /** When the process is killed, where all there is lives in one. */
  reboots: number[];
  /** How many runs of processes a tenant has left open, and when it takes its tag from their machine. */
  backlog?: { runs: number; untagged?: number | undefined } | undefined;
  /** How far, at an instant, the clocks of functions step from there on; the one of a laptop may be set back. */
  steps: { at: number; by: number }[];
  /** When the storm is over. */
  until: number;
}

const FAULTS: readonly Fault[] = [
  'crash before',
  'crash after',
  'lost answer',
  'throttled',
  'applied twice',
  'delayed',
  'late answer',
  'stale read',
];

const VERBS = ['table.put', 'table.get', 'table.query', 'files.put', 'sfn.start'] as const;
/** Of a busy network, a retrying client, a frozen function, a laptop that slept. */
const MILLISECONDS = [0, 60, 400, 1000, 3000, 7000, 20_000, 130_000] as const;

const LANES = ['workA', 'workB', 'settle', 'sweep', 'model'] as const;
const MOST_CALLERS = 6;
/** How many of them a scene brings. */
const MOST_ACTORS = 2;
const callerLanes = Array.from({ length: MOST_CALLERS }, (_, no) => `c${no}`);

const pick = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>, chance: number) =>
  fc.oneof({ weight: 100 - chance, arbitrary: fc.constant(undefined) }, { weight: chance, arbitrary });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Deed>('document') },
  { weight: 2, arbitrary: pick<Deed>('batch', 'upload', 'form', 'process', 'thread', 'chat') },
  { weight: 2, arbitrary: pick<Deed>('upload', 'process', 'thread') },
  { weight: 4, arbitrary: pick<Deed>('answer', 'stream') },
  { weight: 1, arbitrary: pick<Deed>('express', 'revoke', 'pry') },
);

const caller: fc.Arbitrary<Caller> = fc.record({
  tenant: pick(...LOUD),
  role: pick(...ROLES),
  deed,
  slot: fc.integer({ min: 0, max: 2 }),
  at: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 90_000 })),
  again: maybe(fc.integer({ min: 0, max: 12_000 }), 30),
  cancels: fc.oneof(
    { weight: 65, arbitrary: fc.constant<number[]>([]) },
    { weight: 35, arbitrary: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 2 }) },
  ),
  amends: maybe(pick(100, 400), 30),
  pause: pick(0, 0, 700, 720_000, 7_200_000),
});

const milliseconds = pick(...MILLISECONDS);

/** The first callers are there in most schedules, and so are workers. */
const lane = fc.oneof(
  pick(...callerLanes.slice(0, 2)),
  pick(...callerLanes),
  pick(...LANES),
  pick('workA', 'workB'),
);

/** One call that something befalls. */
const single: fc.Arbitrary<Strike> = fc.record({
  lane,
  verb: fc.constant(undefined),
  nth: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 60 })),
  every: fc.constant(undefined),
  fault: pick(...FAULTS),
  milliseconds,
});

/** A stretch of calls of one sort that all fare badly. */
const serial: fc.Arbitrary<Strike> = fc.record({
  lane,
  verb: maybe(pick(...VERBS), 70),
  nth: fc.integer({ min: 0, max: 8 }),
  every: pick(1, 2, 3, 7),
  fault: pick(...FAULTS),
  milliseconds,
});

const chance: fc.Arbitrary<Plan> = fc.record({
  isLocal: fc.oneof(
    { weight: 7, arbitrary: fc.constant(false) },
    { weight: 3, arbitrary: fc.constant(true) },
  ),
  callers: fc.array(caller, { minLength: 1, maxLength: MOST_CALLERS - MOST_ACTORS, size: 'max' }),
  strikes: fc
    .tuple(fc.array(single, { maxLength: 40, size: 'max' }), fc.array(serial, { maxLength: 6, size: 'max' }))
    .map(([singles, serials]) => [...singles, ...serials]),
  events: fc.array(
    fc.record({
      nth: fc.integer({ min: 0, max: 12 }),
      deliveries: fc.array(pick(20, 300, 2000, 90_000), { maxLength: 2 }),
    }),
    { maxLength: 5, size: 'max' },
  ),
  tasks: fc.array(
    fc.record({
      nth: fc.integer({ min: 0, max: 7 }),
      againAfter: maybe(pick(0, 40, 2000, 90_000), 50),
      givenUpAfter: maybe(pick(100, 300, 900, 2500), 60),
    }),
    { maxLength: 4, size: 'max' },
  ),
  fates: fc.array(
    fc.record({
      milliseconds: pick(50, 2000, 60_000, 600_000),
      end: pick('succeeded', 'large', 'failed', 'timed out', 'aborted'),
      isRedriven: fc.oneof(
        { weight: 8, arbitrary: fc.constant(false) },
        { weight: 2, arbitrary: fc.constant(true) },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  reboots: fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 2 }),
  backlog: maybe(
    fc.record({ runs: pick(110, 130), untagged: maybe(fc.integer({ min: 0, max: 30_000 }), 80) }),
    12,
  ),
  steps: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 90_000 }),
      by: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -200, max: 200 }) },
        { weight: 1, arbitrary: fc.constant(-3_600_000) },
      ),
    }),
    { maxLength: 3 },
  ),
  until: pick(20_000, 120_000, 900_000, 4_000_000),
});

/** A few callers and what befalls them, together: what chance alone rarely lets meet. */
type Scene = Pick<Plan, 'callers' | 'strikes' | 'tasks'>;

const actor = (given: Partial<Caller> & Pick<Caller, 'tenant' | 'deed'>): Caller => ({
  ...{ role: 'owner', slot: 0, at: 0, cancels: [], pause: 0 },
  ...given,
});

/** Two want a run of the same document, the second when the first is slow between its writes. */
const rivals: fc.Arbitrary<Scene> = fc
  .record({
    tenant: pick(...LOUD),
    deed: pick<Deed>('document', 'document', 'thread'),
    nth: pick(1, 2, 2),
    // Long enough for the first to be taken for gone, and before it comes after all.
    later: fc.integer({ min: 5100, max: 6700 }),
    milliseconds: pick(7000, 20_000),
  })
  .map(({ tenant, deed, nth, later, milliseconds }) => ({
    callers: [actor({ tenant, deed }), actor({ tenant, deed, slot: 2, at: later })],
    strikes: [
      { lane: 'c0', verb: 'table.put', nth, fault: 'delayed', milliseconds },
      // Whichever comes first is still at work when the other does.
      {
        lane: `work${tenant}`,
        verb: 'table.get',
        nth: 0,
        every: 1,
        fault: 'late answer',
        milliseconds: 7000,
      },
    ],
    tasks: [],
  }));

/** An answer is made once more while the first, whose model has stopped short, is still at work. */
const repeated: fc.Arbitrary<Scene> = fc
  .record({
    deed: pick<Deed>('answer', 'answer', 'thread'),
    nth: fc.integer({ min: 2, max: 12 }),
    givenUpAfter: pick(100, 200, 300),
    milliseconds: pick(3000, 7000),
  })
  .map(({ deed, nth, givenUpAfter, milliseconds }) => ({
    callers: [actor({ tenant: 'A', deed })],
    strikes: [{ lane: 'model', nth, fault: 'late answer', milliseconds }],
    tasks: [{ nth: 0, givenUpAfter }],
  }));

/** An output is uploaded by hand as soon as the run is over, while its worker still waits to be told so. */
const amended: fc.Arbitrary<Scene> = fc
  .record({
    tenant: pick(...LOUD),
    nth: pick(1, 2, 3),
    amends: pick(100, 400),
    milliseconds: pick(1000, 3000),
  })
  .map(({ tenant, nth, amends, milliseconds }) => ({
    callers: [actor({ tenant, deed: 'document', amends })],
    strikes: [
      { lane: `work${tenant}`, verb: 'table.put', nth, every: 1, fault: 'applied twice', milliseconds },
    ],
    tasks: [],
  }));

/** A process is stopped while it is at work. */
const stopped: fc.Arbitrary<Scene> = fc
  .record({ tenant: pick(...LOUD), role: pick<Role>('owner', 'one'), after: pick(100, 1000, 7000) })
  .map(({ tenant, role, after }) => ({
    callers: [actor({ tenant, role, deed: 'process', cancels: [after] })],
    strikes: [],
    tasks: [],
  }));

/** What else befalls the lanes of a scene may leave nothing of it; most are spared that. */
const SPARED_PERCENT = 75;

export const plans: fc.Arbitrary<Plan> = fc
  .tuple(
    chance,
    maybe(fc.oneof(rivals, repeated, repeated, amended, stopped), 65),
    fc.integer({ min: 0, max: 99 }),
  )
  .map(([plan, scene, percent]) => {
    if (scene === undefined) return plan;
    const lanes = [...scene.strikes.map(({ lane }) => lane), ...scene.callers.map((_caller, no) => `c${no}`)];
    const strikes = plan.strikes.filter(
      (strike) => percent >= SPARED_PERCENT || !lanes.includes(strike.lane),
    );
    return {
      ...plan,
      // What lives in one process is not called twice.
      isLocal: scene.tasks.length === 0 && plan.isLocal,
      callers: [...scene.callers, ...plan.callers],
      strikes: [...scene.strikes, ...strikes],
      tasks: [...scene.tasks, ...plan.tasks],
    };
  });
