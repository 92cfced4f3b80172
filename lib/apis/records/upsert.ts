import type { Records, Versioned } from './ports.ts';
import { update } from './update.ts';

/**
 * Changes a record as `update` does, or makes it of nothing where there is none; of several at once each sees what
 * the one before has written.
 */
export async function upsert<T extends Versioned>(
  records: Records<T>,
  workspaceId: string,
  empty: T,
  change: (record: T) => Omit<T, 'version'> | undefined,
): Promise<T> {
  const standing = await update(records, workspaceId, empty.id, change);
  if (standing !== undefined) return standing;
  const changed = change({ ...empty, version: 0 });
  if (changed === undefined) return empty;
  const made = { ...changed, version: 1 } as T;
  if (await records.insert(workspaceId, made)) return made;
  // Somebody else has made it meanwhile; records of this kind are never removed.
  const later = await update(records, workspaceId, empty.id, change);
  if (later === undefined) throw new Error(`Record ${empty.id} was removed while it was being made`);
  return later;
}
