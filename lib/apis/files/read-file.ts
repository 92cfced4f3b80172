import type { FileStore } from './ports.ts';

/** A stored file, or a range of it, in one piece; undefined when there is no such file. */
export async function readFile(
  files: Pick<FileStore, 'get'>,
  key: string,
  { range, signal }: { range?: { start: number; end: number }; signal?: AbortSignal } = {},
): Promise<Uint8Array | undefined> {
  const file = await files.get(key, range);
  if (file === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) {
    signal?.throwIfAborted();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
