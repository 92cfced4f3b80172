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

/** A stored file that holds JSON, parsed; undefined when there is no such file. */
export async function readJson(files: Pick<FileStore, 'get'>, key: string): Promise<unknown> {
  const bytes = await readFile(files, key);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
}
