import { isOpen, type Run } from '../../runs/run.ts';
import { MEMORY_MB } from './function-memory.ts';

/** How long a run was worked on, from its first claim to its end, in milliseconds; 0 until both are known. */
export const workedMs = (run: Run): number =>
  run.startedAt === undefined || !('completedAt' in run)
    ? 0
    : Date.parse(run.completedAt) - Date.parse(run.startedAt);

/** GB-seconds of a function that works for so long; Lambda counts whole milliseconds. */
export const gbSeconds = (memory: keyof typeof MEMORY_MB, milliseconds: number): number =>
  ((MEMORY_MB[memory] / 1024) * Math.ceil(milliseconds)) / 1000;

/** A write unit of DynamoDB holds so many bytes. */
const WRITE_UNIT_BYTES = 1024;

/** By the bytes of the members: their names, and their values as text. An item's keys hold those that it leaves out. */
function unitsOf(members: readonly [name: string, value: unknown][]): number {
  const bytes = members.reduce((sum, [name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return sum + Buffer.byteLength(name) + Buffer.byteLength(text ?? '');
  }, 0);
  return Math.ceil(bytes / WRITE_UNIT_BYTES);
}

/** What a run's record does not have before the run has ended. */
const OUTCOME: readonly string[] = ['result', 'failure', 'completedAt'];

/**
 * Write units of a run's record: its creation and each claim write it without an outcome, every write after
 * that as it is now. Beside it stand its places in the indexes: among the open runs, which it joins and leaves,
 * and among the ended ones if it is a document's, else among its parent's.
 */
export function recordWrites(run: Run): number {
  const members = Object.entries(run);
  const before = members.filter(([name]) => !OUTCOME.includes(name));
  const early = 1 + run.attempt;
  const open = isOpen(run) ? 1 : 2;
  const places = open + (run.kind === 'document' && isOpen(run) ? 0 : 1);
  return early * unitsOf(before) + (run.version - early) * unitsOf(members) + places;
}

/**
 * Whether a run was written when it was created, claimed at most once, and ended. Of earlier attempts nothing is
 * recorded but that there were some, and a further write is somebody's who extended or amended the run.
 */
export const isPlain = (run: Run): boolean =>
  !isOpen(run) && run.attempt <= 1 && run.version === run.attempt + 2;
