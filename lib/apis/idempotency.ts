import { createHash } from 'node:crypto';
import type { Run } from '../runs/run.ts';
import type { IdempotencyRecord, Platform as Whole } from './platform.ts';
import { conflict, Refused } from './refusal.ts';

type Platform = Pick<Whole, 'idempotency' | 'runs' | 'now' | 'newId'>;

/** What a create verb is given: the id its first run is to have. It answers with the runs it made or found. */
export type Create = (runId: string) => Promise<Run[]>;

export interface Created {
  runs: Run[];
  /** True when an earlier request with the same key made these runs. */
  replayed: boolean;
}

/**
 * How long a reserved key may stand without its run before a repeated request does the work itself, in
 * milliseconds. Longer than any create takes; the run's id was fixed, so both doing it makes one run.
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

export interface IdempotentRequest {
  workspaceId: string;
  kind: Run['kind'];
  key: string | undefined;
  /** Whether the request makes several runs: then only what it was answered with tells which. */
  isBatch?: boolean;
  /** Everything that makes this request what it is. */
  request: unknown;
}

/**
 * Runs `create` once per key: the same key and request answer with the same runs, another request under
 * the key is refused as `invalid`, one that is still being answered as a conflict. Without a key it just
 * creates.
 */
export async function createOnce(
  platform: Platform,
  asked: IdempotentRequest,
  create: Create,
): Promise<Created> {
  const { workspaceId, key, request } = asked;
  if (key === undefined) return { runs: await create(platform.newId()), replayed: false };
  if (key.trim() === '' || key.length > MAX_KEY) {
    throw refuse(`Idempotency-Key must have 1 to ${MAX_KEY} characters`);
  }
  const record: IdempotencyRecord = {
    id: sha256(`${asked.kind}:${key}`),
    fingerprint: fingerprint(request),
    createdAt: platform.now().toISOString(),
    runId: platform.newId(),
  };
  const standing = await platform.idempotency.reserve(workspaceId, record);
  if (standing === undefined)
    return { runs: await createUnder(platform, asked, record, create), replayed: false };
  if (standing.fingerprint !== record.fingerprint) {
    throw refuse('Idempotency-Key was already used with another request; choose a new key');
  }
  const runs = await existing(platform, asked, standing);
  if (runs !== undefined) return { runs, replayed: true };
  if (platform.now().getTime() - Date.parse(standing.createdAt) < IN_FLIGHT_MS) {
    throw conflict('A request with this Idempotency-Key is still being answered', 'IDEMPOTENCY_IN_FLIGHT');
  }
  return { runs: await createUnder(platform, asked, standing, create), replayed: true };
}

const refuse = (message: string): Refused =>
  new Refused({
    category: 'invalid',
    message,
    issues: [{ path: 'Idempotency-Key', message, code: 'value_error' }],
  });

async function createUnder(
  platform: Platform,
  { workspaceId, isBatch = false }: IdempotentRequest,
  record: IdempotencyRecord,
  create: Create,
): Promise<Run[]> {
  try {
    const runs = await create(record.runId);
    const asPlanned = !isBatch && runs.length === 1 && runs[0]?.id === record.runId;
    // The record already names the run that was planned, so the usual case needs no second write.
    if (!asPlanned)
      await platform.idempotency.complete(workspaceId, { ...record, runIds: runs.map((run) => run.id) });
    return runs;
  } catch (error) {
    if (error instanceof Refused) await platform.idempotency.release(workspaceId, record);
    throw error;
  }
}

async function existing(
  platform: Platform,
  { workspaceId, kind, isBatch = false }: IdempotentRequest,
  record: IdempotencyRecord,
): Promise<Run[] | undefined> {
  if (isBatch && record.runIds === undefined) return undefined;
  const runIds = record.runIds ?? [record.runId];
  const runs = await Promise.all(runIds.map((runId) => platform.runs.get({ workspaceId, kind, runId })));
  const found = runs.filter((run) => run !== undefined);
  return found.length === runs.length ? found : undefined;
}
