import { RunsError } from '../../lib/runs/errors.ts';
import type { Run } from '../../lib/runs/run.ts';
import type { Everything, Plant } from './world.ts';

type Ports = Pick<Everything, 'runs' | 'log' | 'executor' | 'files' | 'idempotency' | 'keys'>;

/** The platform with methods of one port in the place of its own. */
function withPort<Name extends keyof Ports>(
  platform: Everything,
  name: Name,
  changed: Partial<Ports[Name]>,
): Everything {
  const port = new Proxy(platform[name], {
    get: (target, method) => {
      const value: unknown = Reflect.get(method in changed ? changed : target, method);
      return typeof value === 'function' && !(method in changed) ? value.bind(target) : value;
    },
  });
  return { ...platform, [name]: port };
}

const wrap =
  <Name extends keyof Ports>(
    name: Name,
    change: (port: Ports[Name]) => Partial<Ports[Name]>,
  ): (() => Plant) =>
  () => ({ platform: (platform) => withPort(platform, name, change(platform[name])) });

const isOver = ({ status }: Run): boolean => status !== 'queued' && status !== 'running';

/** When a UUIDv7 says that it was made, as an ISO instant. */
const momentOf = (id: string): string =>
  new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString();

/** Only the oldest leases are looked at, and a run that could not be looked at keeps its own. */
function unfairSweep(): Plant {
  const LOOKED_AT = 100;
  const unseen = new Set<string>();
  return {
    platform: (platform) => {
      const { runs, executor } = platform;
      const sweeping = withPort(platform, 'runs', {
        listOpen: ({ leaseBefore }) => runs.listOpen({ leaseBefore, limit: LOOKED_AT }),
        commit: async (next, version, event) => {
          if (event?.type === 'extended' && unseen.has(next.id)) return;
          await runs.commit(next, version, event);
        },
      });
      return withPort(sweeping, 'executor', {
        describe: async (run) => {
          try {
            const state = await executor.describe(run);
            unseen.delete(run.id);
            return state;
          } catch (error) {
            unseen.add(run.id);
            if (!(error instanceof RunsError) || error.code !== 'executor_refused') throw error;
            throw new Error('The execution could not be described', { cause: error });
          }
        },
      });
    },
  };
}

/** A run is dated by its id, and an id that was planned once is kept however long ago that was. */
function agedByPlan(): Plant {
  return {
    platform: (platform) => {
      const { runs, idempotency } = platform;
      const dated = withPort(platform, 'runs', {
        insert: (run) => runs.insert({ ...run, createdAt: momentOf(run.id) }),
        commit: (next, version, event) =>
          runs.commit({ ...next, createdAt: momentOf(next.id) }, version, event),
      });
      return withPort(dated, 'idempotency', {
        takeOver: (workspaceId, standing, taken) => {
          Object.assign(taken, { runId: standing.runId, earlier: undefined });
          return idempotency.takeOver(workspaceId, standing, taken);
        },
      });
    },
  };
}

/** What an attempt at an answer keeps is named by its run, not by its claim: the last one to write has it. */
function contentOfTheRun(): Plant {
  const unclaimed = (key: string): string =>
    key.replace(/^(.*\/runs\/[0-9a-f-]{36})\/.*content.*$/, '$1/content.json');
  const referring = (run: Run): Run => {
    if (!isOver(run) || !('result' in run) || typeof run.result?.contentKey !== 'string') return run;
    return { ...run, result: { ...run.result, contentKey: unclaimed(run.result.contentKey) } };
  };
  return {
    platform: (platform) => {
      const { runs, files } = platform;
      const named = withPort(platform, 'runs', {
        commit: (next, version, event) => runs.commit(referring(next), version, event),
      });
      return withPort(named, 'files', {
        put: (key, body, options) => files.put(unclaimed(key), body, options),
        get: (key, range) => files.get(unclaimed(key), range),
        // Nobody took back what was not its own.
        remove: async (key) => (unclaimed(key) === key ? files.remove(key) : undefined),
      });
    },
  };
}

/** A run that has ended does not say under which claim: its worker takes its own end for another's. */
const unknownEnd = wrap('runs', (runs) => ({
  get: async (ref) => {
    const run = await runs.get(ref);
    if (run === undefined || !isOver(run)) return run;
    const { claimId: _claim, ...rest } = run as Run & { claimId?: string };
    return rest as Run;
  },
}));

/** Whoever takes the place of a run that is not there yet leaves it free for who was slow to make it. */
function openPlaces(): Plant {
  const taken = new Map<string, Run>();
  return {
    platform: (platform) => {
      const { runs } = platform;
      return withPort(platform, 'runs', {
        insert: async (run) => {
          if (run.kind !== 'document' || run.parentId !== 'nobody') return runs.insert(run);
          taken.set(run.id, run);
        },
        get: async (ref) => (await runs.get(ref)) ?? taken.get(ref.runId),
      });
    },
  };
}

/**
 * Faults that are planted on purpose, by name, anew for each schedule. Those of a number take out the mend of
 * the fault of that number, by putting something between the product and its ports.
 */
export const PLANTS: { readonly [name: string]: () => Plant } = {
  'fault-7': unfairSweep,
  'fault-8': agedByPlan,
  'fault-9': contentOfTheRun,
  'fault-10': unknownEnd,
  'fault-11': openPlaces,
  'fenceless-runs': () => ({ forgets: ({ pk }) => /^WS#[^#]+#(document|process)$/.test(pk) }),
  'forgotten-keys': () => ({ forgets: ({ sk }) => sk.startsWith('IDEMPOTENCY#') }),
  'shared-threads': () => ({ forgets: ({ pk, sk }) => /^WS#[^#]+$/.test(pk) && sk.startsWith('THREAD#') }),
  'no-sweeper': () => ({ neverSweeps: true }),
  'deaf-settle': () => ({ isDeaf: true }),
  'threads-upside-down': wrap('runs', (runs) => ({
    listByParent: async (query) => {
      const page = await runs.listByParent(query);
      return query.kind === 'thread' ? { ...page, runs: page.runs.toReversed() } : page;
    },
  })),
  'blind-index': wrap('runs', () => ({ listOpen: async () => [] })),
  'log-anywhere': wrap('log', (log) => ({
    append: async (ref, _offset, bytes, expiresAt) => log.append(ref, await log.end(ref), bytes, expiresAt),
  })),
  'unstoppable-processes': wrap('executor', () => ({ stop: async () => undefined })),
  'lost-outputs': wrap('files', (files) => ({
    put: async (key, body, options) =>
      /\/(output|outputs\.json)$/.test(key) ? undefined : files.put(key, body, options),
  })),
  'key-of-everybody': wrap('keys', (keys) => ({
    get: async (prefix) => {
      const key = await keys.get(prefix);
      const [role = 'member'] = Object.values(key?.roles ?? {});
      const roles = new Proxy(key?.roles ?? {}, { get: () => role });
      return key && { ...key, roles };
    },
  })),
  'key-of-every-agent': wrap('keys', (keys) => ({
    get: async (prefix) => {
      const { agentId: _agent, ...key } = (await keys.get(prefix)) ?? {};
      return 'prefix' in key ? key : undefined;
    },
  })),
  'key-for-ever': wrap('keys', (keys) => ({
    get: async (prefix) => {
      const { revokedAt: _everywhere, revokedIn: _here, ...key } = (await keys.get(prefix)) ?? {};
      return 'prefix' in key ? key : undefined;
    },
  })),
  'forgetful-receipts': wrap('runs', (runs) => ({
    commit: (next, version, event) => {
      if (!('result' in next) || next.result === undefined) return runs.commit(next, version, event);
      const { logChunks: _chunks, ...result } = next.result;
      return runs.commit({ ...next, result }, version, event);
    },
  })),
  'eager-ends': wrap('runs', (runs) => ({
    // A run that was cancelled succeeds after all, when its worker comes to its end.
    commit: async (next, version, event) => {
      if (next.status !== 'succeeded') return runs.commit(next, version, event);
      const standing = await runs.get({ workspaceId: next.workspaceId, kind: next.kind, runId: next.id });
      await runs.commit(next, standing?.version ?? version, event);
    },
  })),
};
