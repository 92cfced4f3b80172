import { createHash } from 'node:crypto';
import { isRunsError } from '../../runs/errors.ts';
import { isPlaceholder } from '../../runs/placeholder.ts';
import { isRecent } from '../../runs/recent.ts';
import type { Run } from '../../runs/run.ts';
import { conflict, Refused } from '../operation/refusal.ts';
import type { Platform as Whole } from '../platform.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { isStale, runMadeBefore } from './planned-ids.ts';
import type { IdempotencyRecord } from './ports.ts';

type Platform = Pick<Whole, 'idempotency' | 'runs' | 'now' | 'newId'>;

/** Says that another id than was planned is to be used, before it is. @throws Refused when the key is another request's by now. */
export type Replan = (id: string) => Promise<void>;

/**
 * What a create verb is given: the id its run is to have, and those that were planned for it by requests that were
 * interrupted. It answers with the runs it made or found.
 */
export type Create = (runId: string, replan: Replan, earlier: readonly string[]) => Promise<Run[]>;

export interface Created {
  runs: Run[];
  /** True when an earlier request with the same key made these runs. */
  replayed: boolean;
}

/**
 * How long a reserved key may stand without its run before a repeated request does the work itself, in
 * milliseconds. Longer than any create takes; should both do it all the same, one of them makes the run.
 */
const IN_FLIGHT_MS = 30_000;

/** Longest key accepted, in characters, as the IETF draft's reference implementations have it. */
const MAX_KEY = 255;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A hash of the request that does not depend on the order of members. */
export const fingerprint = (value: unknown): string => sha256(JSON.stringify(value, sortMembers));

function sortMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Who asks, as far as it decides what a key stands for. */
export type Asker = Pick<Caller, 'workspaceId' | 'ownerId' | 'agentId'>;

export interface IdempotentRequest {
  caller: Asker;
  kind: Run['kind'];
  key: string | undefined;
  /** Everything that makes this request what it is. */
  request: unknown;
  /**
   * Refuses what the caller may not see. Asked before anything is looked up under the key, because what was
   * answered to one caller may be none of another's business; whoever calls for one agent has to bring it.
   */
  admit?: () => Promise<unknown>;
}

/**
 * A key is good for whoever sent it: the owner of an API key or the subject of a token, and the agent that the
 * API key is good for. Others have the same words to themselves.
 */
const scopeOf = ({ ownerId, agentId }: Asker): unknown => [ownerId, agentId ?? null];

/** What a request makes under an id, and how it is found again. */
export interface Making<T> {
  /** Makes it, or goes on with what interrupted requests began under the same id, or under an earlier one. */
  make(id: string, replan: Replan, earlier: readonly string[]): Promise<T>;
  /**
   * The ids that `find` is to be given, if they are not just the one it was made under; none when it was made
   * in part, and the next request under the key is to go on with it.
   */
  idsOf(made: T, id: string): string[] | undefined;
  /** Undefined when it is not there, or not whole. */
  find(standing: IdempotencyRecord): Promise<T | undefined>;
}

/**
 * Runs `create` once per key: the same key and request answer with the same runs, another request under
 * the key is refused as `invalid`, one that is still being answered as a conflict. Without a key it just
 * creates.
 */
export async function createOnce(
  platform: Platform,
  asked: IdempotentRequest & {
    /** Whether the request makes several runs: then only what it was answered with tells which. */
    isBatch?: boolean;
  },
  create: Create,
): Promise<Created> {
  const { caller, kind, isBatch = false } = asked;
  const { workspaceId } = caller;
  const { made, replayed } = await makeOnce<Run[]>(platform, asked, {
    make: async (id, replan, earlier) => {
      const made = isBatch ? undefined : await runMadeBefore(platform, { workspaceId, kind }, earlier);
      return made === undefined ? create(id, replan, earlier).catch(orInFlight) : [made];
    },
    idsOf: (runs, id) =>
      !isBatch && runs.length === 1 && runs[0]?.id === id ? undefined : runs.map((run) => run.id),
    find: async ({ runId, earlier = [], runIds }) => {
      if (isBatch && runIds === undefined) return undefined;
      const ids = runIds ?? [runId, ...earlier];
      const runs = await Promise.all(ids.map((id) => platform.runs.get({ workspaceId, kind, runId: id })));
      const found = runs.filter((run): run is Run => run !== undefined && !isPlaceholder(run));
      // Of several ids that were planned for one run, it was made under one.
      return found.length === (runIds === undefined ? 1 : ids.length) ? found : undefined;
    },
  });
  return { runs: made, replayed };
}

/** The same for whatever a request makes. */
export async function makeOnce<T>(
  platform: Omit<Platform, 'runs'>,
  asked: IdempotentRequest,
  making: Making<T>,
): Promise<{ made: T; replayed: boolean }> {
  const { caller, key, request, admit } = asked;
  const { workspaceId } = caller;
  if (key === undefined) {
    return { made: await making.make(platform.newId(), async () => undefined, []), replayed: false };
  }
  if (key.trim() === '' || key.length > MAX_KEY) {
    throw refuse(`Idempotency-Key must have 1 to ${MAX_KEY} characters`);
  }
  if (caller.agentId !== undefined && admit === undefined)
    throw new TypeError('Nothing says whether a key of one agent may ask this');
  await admit?.();
  const scope = scopeOf(caller);
  const record: IdempotencyRecord = {
    id: fingerprint([scope, asked.kind, key]),
    fingerprint: fingerprint({ scope, request }),
    createdAt: platform.now().toISOString(),
    runId: platform.newId(),
  };
  const standing = await platform.idempotency.reserve(workspaceId, record);
  if (standing === undefined)
    return { made: await makeUnder(platform, workspaceId, record, making), replayed: false };
  if (standing.fingerprint !== record.fingerprint) {
    throw refuse('Idempotency-Key was already used with another request; choose a new key');
  }
  const found = await making.find(standing);
  if (found !== undefined) return { made: found, replayed: true };
  const isAnswered = standing.runIds !== undefined;
  if (!isAnswered && isRecent(standing.createdAt, platform.now(), IN_FLIGHT_MS)) throw inFlight();
  // One of those who come now goes on; to the others it is in flight again.
  const { runIds: _answered, ...begun } = standing;
  const planned = [...(standing.earlier ?? []), standing.runId];
  const taken: IdempotencyRecord = {
    ...begun,
    ...(isStale(planned, platform.now()) ? { runId: record.runId, earlier: planned } : {}),
    createdAt: record.createdAt,
    takenBy: platform.newId(),
  };
  if (!(await platform.idempotency.takeOver(workspaceId, standing, taken))) throw inFlight();
  return { made: await makeUnder(platform, workspaceId, taken, making), replayed: true };
}

/** The place of what was to be made was taken by somebody who holds the key now: see `takePlace`. */
function orInFlight(error: unknown): never {
  throw isRunsError(error, 'run_exists') ? inFlight() : error;
}

const inFlight = (): Refused =>
  conflict('A request with this Idempotency-Key is still being answered', 'IDEMPOTENCY_IN_FLIGHT');

const refuse = (message: string): Refused =>
  new Refused({
    category: 'invalid',
    message,
    issues: [{ path: 'Idempotency-Key', message, code: 'value_error' }],
  });

async function makeUnder<T>(
  platform: Pick<Platform, 'idempotency' | 'newId'>,
  workspaceId: string,
  record: IdempotencyRecord,
  { make, idsOf }: Making<T>,
): Promise<T> {
  let plan = record;
  try {
    const replan: Replan = async (runId) => {
      const next = { ...plan, runId, takenBy: platform.newId() };
      if (!(await platform.idempotency.takeOver(workspaceId, plan, next))) throw inFlight();
      plan = next;
    };
    const made = await make(record.runId, replan, record.earlier ?? []);
    const runIds = idsOf(made, plan.runId);
    // The record already names the id that was planned, so the usual case needs no second write.
    if (runIds !== undefined) await platform.idempotency.complete(workspaceId, { ...plan, runIds });
    return made;
  } catch (error) {
    // Whoever took over cannot tell what the first holder, who may only be slow, will still make under the id.
    if (error instanceof Refused && plan.takenBy === undefined)
      await platform.idempotency.release(workspaceId, plan);
    throw error;
  }
}
