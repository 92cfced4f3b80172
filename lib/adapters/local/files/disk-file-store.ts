import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileStore, PutOptions, SignedUpload, StoredFile } from '../../../apis/files/ports.ts';
import type { Logger } from '../../../apis/log/ports.ts';
import { SignedFiles } from './signed-files.ts';
import { writeDurably } from './write-durably.ts';

export interface DiskFileStoreOptions {
  folder: string;
  /** Where the signed URLs are served, without a trailing slash; a function when the port is not known yet. */
  baseUrl: string | (() => string);
  now?: () => Date;
  /** Takes what an operator should know. */
  logger?: Pick<Logger, 'warn'>;
}

/**
 * Files in a folder. A key's file is named by the key's hash, so no key can lead outside and no two keys
 * get in each other's way; the content type stands in its first line, so one rename replaces both.
 */
export class DiskFileStore implements FileStore {
  readonly bucket = 'local';
  readonly signed: SignedFiles;
  readonly #folder: string;
  readonly #now: () => Date;

  constructor({ folder, baseUrl, now = () => new Date(), logger }: DiskFileStoreOptions) {
    this.#folder = folder;
    this.#now = now;
    const keyFile = join(folder, 'signing-key');
    const warn = (message: string) => logger?.warn(message);
    this.signed = new SignedFiles({ keyFile, baseUrl, now, warn });
  }

  put(key: string, body: Uint8Array, options: PutOptions): Promise<void> {
    return this.write(key, [body], options);
  }

  /** Replaces the file once the whole body is there; a body that fails leaves everything as it was. */
  async write(
    key: string,
    body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    { contentType, retentionDays }: PutOptions,
  ): Promise<void> {
    const expiresAt =
      retentionDays === undefined ? undefined : this.#now().getTime() + retentionDays * DAY_MS;
    const header = encodeHeader({ contentType, ...(expiresAt === undefined ? {} : { expiresAt }) });
    // Before the file: a note about a file that never came to be does no harm.
    if (expiresAt !== undefined) await this.#note(key, expiresAt);
    await writeDurably(this.#path(key), this.#incoming(), async (file) => {
      await file.writeFile(header);
      for await (const chunk of body) await file.writeFile(chunk);
    });
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<StoredFile | undefined> {
    const path = this.#path(key);
    const found = await readHeader(path);
    if (found === undefined) return undefined;
    const { size, contentType, headerBytes, inode } = found;
    const start = headerBytes + Math.min(range?.start ?? 0, size);
    const end = headerBytes + Math.min(range?.end ?? size - 1, size - 1);
    return { size, contentType, body: readBytes(path, inode, start, end) };
  }

  async head(key: string): Promise<Omit<StoredFile, 'body'> | undefined> {
    const found = await readHeader(this.#path(key));
    return found && { size: found.size, contentType: found.contentType };
  }

  async copy(from: string, to: string): Promise<void> {
    const source = await open(this.#path(from));
    try {
      await writeDurably(this.#path(to), this.#incoming(), async (file) => {
        for await (const chunk of source.createReadStream({ autoClose: false })) await file.writeFile(chunk);
      });
    } finally {
      await source.close();
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  signUpload(
    key: string,
    options: { contentType: string; maxBytes: number; expiresInSeconds: number },
  ): Promise<SignedUpload> {
    return this.signed.signUpload({ key, ...options });
  }

  signDownload(
    key: string,
    options: { filename: string; contentType: string; expiresInSeconds: number },
  ): Promise<string> {
    return this.signed.signDownload({ key, ...options });
  }

  /** What a bucket's lifecycle rules do with tagged files: removes those whose days are over. */
  async removeExpired(): Promise<number> {
    const now = this.#now().getTime();
    const folder = join(this.#folder, 'expiring');
    let removed = 0;
    for (const note of (await orUndefined(readdir(folder))) ?? []) {
      const [expiresAt, name = ''] = note.split('-');
      if (!(Number(expiresAt) <= now)) continue;
      const path = join(this.#folder, 'kept', name.slice(0, 2), name);
      // The file may have been put anew since, to be kept for longer or for good.
      const header = await readHeader(path);
      if (header?.expiresAt !== undefined && header.expiresAt <= now) {
        await rm(path, { force: true });
        removed += 1;
      }
      await rm(join(folder, note), { force: true });
    }
    return removed;
  }

  /** And with the rest: removes day-old files under `temporary/` and writes cut short. */
  async removeLeftovers(): Promise<void> {
    const before = this.#now().getTime() - DAY_MS;
    for (const area of ['temporary', 'incoming']) {
      const folder = join(this.#folder, area);
      await mkdir(folder, { recursive: true });
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const found = await orUndefined(stat(path));
        if (found !== undefined && found.mtimeMs < before) await rm(path, { force: true });
      }
    }
  }

  /** Remembers by its name when a file is to go, so that no sweep has to look into every file. */
  async #note(key: string, expiresAt: number): Promise<void> {
    const folder = join(this.#folder, 'expiring');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${expiresAt}-${nameOf(key)}`), '');
  }

  #path(key: string): string {
    const name = nameOf(key);
    const area = key.startsWith('temporary/') ? 'temporary' : 'kept';
    return join(this.#folder, area, name.slice(0, 2), name);
  }

  #incoming(): string {
    return join(this.#folder, 'incoming', randomUUID());
  }
}

const DAY_MS = 86_400_000;
const MAX_HEADER_BYTES = 4096;

interface Header {
  contentType: string;
  /** Milliseconds since 1970. */
  expiresAt?: number;
}

const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex');

function encodeHeader(written: Header): Uint8Array {
  const header = Buffer.from(`${JSON.stringify(written)}\n`);
  if (header.length > MAX_HEADER_BYTES) throw new RangeError('The content type is too long');
  return header;
}

async function readHeader(path: string) {
  const file = await orUndefined(open(path));
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    const headerBytes = buffer.subarray(0, bytesRead).indexOf('\n') + 1;
    const header = JSON.parse(buffer.toString('utf8', 0, headerBytes)) as Header;
    const { size, ino } = await file.stat();
    return { ...header, headerBytes, size: size - headerBytes, inode: ino };
  } finally {
    await file.close();
  }
}

/** Opens the file only when it is read, so that a body nobody reads holds nothing open. */
async function* readBytes(path: string, inode: number, start: number, end: number) {
  if (end < start) return;
  const file: FileHandle = await open(path);
  try {
    const { ino } = await file.stat();
    if (ino !== inode) throw new Error('The file was replaced before it was read');
    yield* file.createReadStream({ start, end, autoClose: false }) as Readable & AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

/** Undefined for a file that is not there. */
async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
