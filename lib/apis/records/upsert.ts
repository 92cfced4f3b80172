import { Refused } from '../operation/refusal.ts';
import type { Records, Versioned } from './ports.ts';

/**
 * Waits after a lost try, in milliseconds: each up to twice as long as the one before, so that a hundred callers at
 * once soon come one by one. All of them together are some ten seconds, which a request has twice.
 */
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 1000;
const TRIES = 25;

/**
 * Changes a record that is never removed, or makes it of nothing where there is none; of several at once each sees
 * what the one before has written. `change` may answer undefined to leave it alone.
 * @throws Refused 503 when others were faster all the time.
 */
export async function upsert<T extends Versioned>(
  records: Records<T>,
  workspaceId: string,
  empty: T,
  change: (record: T) => Omit<T, 'version'> | undefined,
): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const standing = await records.get(workspaceId, empty.id);
    const record = standing ?? empty;
    const changed = change(record);
    if (changed === undefined) return record;
    const next = { ...changed, version: record.version + 1 } as T;
    const isWritten =
      standing === undefined ? records.insert(workspaceId, next) : records.replace(workspaceId, next);
    if (await isWritten) return next;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
  }
  const message = 'Too many others are changing the same at this moment: try again.';
  throw new Refused({ category: 'unavailable', message, retryAfterSeconds: 1 });
}
