import { createHash } from 'node:crypto';
import type { RunKind, RunRef, RunStatus, TerminalRun } from '../../../runs/run.ts';

/** Every access pattern of the table stands here and nowhere else. */
export interface Key {
  pk: string;
  sk: string;
}

// What a workspace owns: one item by id, or all of a type by the beginning of the id.
export const workspacePartition = (workspaceId: string): string => `WS#${workspaceId}`;
export const recordSort = (type: string, id: string): string => `${type}#${id}`;
export const recordKey = (workspaceId: string, type: string, id: string): Key => ({
  pk: workspacePartition(workspaceId),
  sk: recordSort(type, id),
});

// An API key, before its workspace is known; and the keys that have a role in a workspace.
export const apiKeyKey = (prefix: string): Key => ({ pk: `KEY#${prefix}`, sk: 'KEY' });
export const apiKeyPointerKey = (workspaceId: string, prefix: string): Key =>
  recordKey(workspaceId, 'KEY', prefix);

// What an `Idempotency-Key` was used for.
export const idempotencyKey = (workspaceId: string, hash: string): Key =>
  recordKey(workspaceId, 'IDEMPOTENCY', hash);

// A run by its whole name; the runs of a workspace and kind, by age.
export const runPartition = (workspaceId: string, kind: RunKind): string => `WS#${workspaceId}#${kind}`;
export const runKey = ({ workspaceId, kind, runId }: RunRef): Key => ({
  pk: runPartition(workspaceId, kind),
  sk: runId,
});
/** The names that `runKey` was made of; a run's item does not repeat them. */
export function refOfRunKey({ pk, sk }: Key): { workspaceId: string; kind: string; runId: string } {
  const [, workspaceId = '', kind = ''] = pk.split('#');
  return { workspaceId, kind, runId: sk };
}

// The places of one kind of stream, by number; and how many there are.
export const placesPartition = (streams: string): string => `STREAMS#${streams}`;
export const placeKey = (streams: string, no: number): Key => ({
  pk: placesPartition(streams),
  sk: `PLACE#${String(no).padStart(6, '0')}`,
});
export const placeCountKey = (streams: string): Key => ({ pk: placesPartition(streams), sk: 'COUNT' });
/** The number of a place by its sort key; undefined for the count. */
export const placeNumber = ({ sk }: Key): number | undefined =>
  sk.startsWith('PLACE#') ? Number(sk.slice('PLACE#'.length)) : undefined;
/** Streams of the events of runs. */
export const EVENT_STREAMS = 'EVENTS';

// The chunks of a run's log, by byte offset; twelve digits make their order that of the numbers.
export const logPartition = (runId: string): string => `RUN#${runId}`;
export const logSort = (offset: number): string => `LOG#${String(offset).padStart(12, '0')}`;
export const logKey = (runId: string, offset: number): Key => ({
  pk: logPartition(runId),
  sk: logSort(offset),
});
export const logOffset = (sort: string): number => Number(sort.slice('LOG#'.length));

/**
 * Partitions of the index of open runs. One takes 1,000 writes a second and a run writes twice (in and
 * out), so four carry 2,000 new runs a second; the sweeper reads each of them every minute.
 */
const OPEN_SHARDS = 4;
// Open runs of every workspace, by lease.
export const openPartitions: readonly string[] = Array.from(
  { length: OPEN_SHARDS },
  (_, shard) => `OPEN#${shard}`,
);
/** One workspace keeps to one shard, so that its open runs are found with one Query. */
export function openPartition(workspaceId: string): string {
  const [byte = 0] = createHash('sha256').update(workspaceId).digest();
  return `OPEN#${byte % OPEN_SHARDS}`;
}

// Ended runs of a workspace and kind by how they ended, by age.
export const outcomePartition = (workspaceId: string, kind: RunKind, status: TerminalRun['status']): string =>
  `${runPartition(workspaceId, kind)}#${status satisfies RunStatus}`;

// Runs of one process, thread or agent, by age.
export const parentPartition = (workspaceId: string, kind: RunKind, parentId: string): string =>
  `${runPartition(workspaceId, kind)}#${parentId}`;
