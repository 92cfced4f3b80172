import type { FileStore } from './ports.ts';

/** What may be made again, or is worth nothing tomorrow, stands below this: it is deleted when it is a day old. */
const TEMPORARY = 'temporary/';

/** The key of a temporary file. `path` begins with the workspace's id. */
export const temporaryKey = (path: string): string => `${TEMPORARY}${path}`;

/**
 * Stores a temporary file. Whoever writes no other may be given the right to write these alone.
 * @throws TypeError for a key that is none of theirs.
 */
export async function putTemporary(
  store: Pick<FileStore, 'put'>,
  key: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<void> {
  if (!key.startsWith(TEMPORARY)) throw new TypeError(`${key} is not the key of a temporary file`);
  await store.put(key, bytes, { contentType });
}
