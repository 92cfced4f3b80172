import type { Records, Versioned } from './ports.ts';

/** Longest wait after the first lost try, in milliseconds: about as long as one read and one write take. */
const LOST_TRY_MS = 10;

/**
 * Reads a record, changes it, writes it if nobody else did meanwhile, and otherwise starts again.
 * `change` may answer undefined to leave the record alone. Undefined when there is no such record.
 */
export async function update<T extends Versioned>(
  records: Records<T>,
  workspaceId: string,
  id: string,
  change: (record: T) => Omit<T, 'version'> | undefined,
): Promise<T | undefined> {
  const TRIES = 30; // a lost try is another caller's success
  for (let tries = 1; ; tries += 1) {
    const record = await records.get(workspaceId, id);
    const changed = record && change(record);
    if (record === undefined || changed === undefined) return record;
    const next = { ...changed, version: record.version + 1 } as T;
    if (await records.replace(workspaceId, next)) return next;
    // Everybody who lost now would meet again at once: each waits a while of its own.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LOST_TRY_MS * tries));
    if (tries === TRIES) throw new Error(`Record ${id} changed ${TRIES} times while it was being updated`);
  }
}
