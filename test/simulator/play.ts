import { syncBuiltinESMExports } from 'node:module';
import { BEGINNING } from '../reliability/simulation.ts';
import { makeZlibSynchronous } from '../reliability/sync-zlib.ts';
import { audit, type Tracked } from './audit.ts';
import { leaveBacklog } from './backlog.ts';
import { Client, type Notebook } from './callers.ts';
import { Chance } from './chance.ts';
import type { History } from './history.ts';
import { factsOf } from './judge/facts.ts';
import { INVARIANTS } from './judge/invariants.ts';
import type { Caller, Plan } from './plan.ts';
import { makeTenants, type Tenant } from './tenants.ts';
import { VirtualTime } from './virtual-time.ts';
import { type Plant, World } from './world.ts';

export interface Violation {
  invariant: string;
  what: string;
}

export interface Played {
  history: History;
  violations: Violation[];
  checks: number;
}

/**
 * The longest it may take until everything is over, in milliseconds: a client waits for hours before it asks
 * again, and a start is given up after an hour.
 */
const PATIENCE_MS = 8 * 3_600_000;
/** A schedule that calls more often than this does not end: most take a few hundred. */
const MOST_CALLS = 15_000;

/** What the quiet tenant does, of which nothing is spoilt but perhaps one start. */
const quietCaller = (at: number): Caller => ({
  ...{ tenant: 'A', role: 'owner', deed: 'document', slot: 0, at, cancels: [], pause: 0 },
});

/** Nobody asks for anything, and nothing happens. */
const NOTHING: Plan = {
  ...{ isLocal: false, callers: [], strikes: [], events: [], tasks: [], fates: [], reboots: [], steps: [] },
  until: 0,
};

const time = new VirtualTime(BEGINNING);
const chance = new Chance();

/**
 * From here on this process lives in virtual time, until what this answers with is called. What is imported only
 * when it is needed is imported before.
 */
export async function beginVirtualTime(): Promise<() => void> {
  await Promise.all([import('ai'), import('re2js'), import('xlsx')]);
  makeZlibSynchronous();
  syncBuiltinESMExports();
  time.install();
  chance.install();
  return () => {
    time.uninstall();
    chance.uninstall();
  };
}

/** Follows the records of runs, to know when all is over. */
function tracker(history: History, tenants: ReadonlyMap<string, string>) {
  const runs = new Map<string, Tracked>();
  let seen = 0;
  const look = (): void => {
    for (; seen < history.entries.length; seen += 1) {
      const entry = history.entries[seen];
      if (entry?.type !== 'write' || entry.item === undefined) continue;
      const [, workspaceId = '', kind] = /^WS#([^#]+)#(\w+)$/.exec(entry.pk) ?? [];
      if (kind === undefined) continue;
      const { status, parentId, input } = entry.item;
      runs.set(entry.sk, {
        ...{ id: entry.sk, kind, tenant: tenants.get(workspaceId) ?? '?' },
        ...{ parentId: String(parentId), status: String(status) },
        hasDocument: /"document":/.test(String(input)),
      });
    }
  };
  return {
    runs,
    hasOpen: (): boolean => {
      look();
      return [...runs.values()].some(({ status }) => status === 'queued' || status === 'running');
    },
  };
}

interface Prepared {
  world: World;
  tenants: ReadonlyMap<string, Tenant>;
}

/** What every schedule begins with, made once. */
let prepares: Promise<Prepared> | undefined;
function prepared(): Promise<Prepared> {
  prepares ??= prepare();
  return prepares;
}

async function prepare(): Promise<Prepared> {
  const world = new World(0, NOTHING, {}, time);
  return { world, tenants: await makeTenants(world) };
}

/** Plays a schedule to its end, and judges what it has come to. */
export async function play(seed: number, plan: Plan, plant: Plant = {}): Promise<Played> {
  await prepared();
  time.reset(BEGINNING);
  chance.reset(seed);
  const world = new World(seed, plan, plant, time);
  const { simulation, history } = world;
  try {
    const { world: before, tenants } = await prepared();
    world.takeOver(before);
    if (plan.backlog !== undefined) await leaveBacklog(world, tenants, plan.backlog);
    const tracked = tracker(history, world.tenants);
    world.beginToSweep();
    const notebook: Notebook = { known: [], busy: 0 };
    const clients = [
      ...plan.callers.map((caller, no) => new Client(world, tenants, { caller, no, notebook })),
      new Client(world, tenants, {
        caller: quietCaller(plan.backlog === undefined ? 5000 : 45_000),
        no: 'quiet',
        notebook,
      }),
    ];
    for (const client of clients) void client.go();
    let isStorming = true;
    setTimeout(() => {
      isStorming = false;
      world.calmDown();
    }, plan.until);
    const reboots = plan.isLocal ? plan.reboots : [];
    const killing = reboots.map((at) => setTimeout(() => void world.reboot(), at));
    const isOver = (): boolean =>
      history.calls > MOST_CALLS ||
      (!isStorming && notebook.busy === 0 && !world.isBusy && !tracked.hasOpen());
    const ended = await simulation.until(isOver, PATIENCE_MS);
    for (const timer of killing) clearTimeout(timer);
    const isWhole = ended && history.calls <= MOST_CALLS;
    if (isWhole) {
      let isRead = false;
      void audit(
        world,
        tenants,
        [...tracked.runs.values()].filter(({ parentId }) => parentId !== 'nobody'),
      ).then(() => {
        isRead = true;
      });
      await simulation.until(() => isRead, PATIENCE_MS);
    }
    return { history, ...judge(world, isWhole) };
  } finally {
    world.close();
  }
}

function judge(world: World, isOver: boolean): Pick<Played, 'violations' | 'checks'> {
  const facts = factsOf(world.history, world.tenants, isOver);
  const violations: Violation[] = [];
  let checks = 0;
  for (const { name, judge: look } of INVARIANTS) {
    const found = look(facts);
    checks += found.checks;
    for (const what of found.wrong) violations.push({ invariant: name, what });
  }
  return { violations, checks };
}
