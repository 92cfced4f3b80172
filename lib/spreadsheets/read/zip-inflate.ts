import { crc32, createInflateRaw } from 'node:zlib';
import { tooLarge, unreadable } from '../failure.ts';
import type { ZipEntry } from './zip-guard.ts';

// Large enough that hand-overs between zlib's thread and the parser cost little, small enough that buffers and
// the texts made of them come from memory in use: fresh pages for each cost a tenth of the whole time.
const CHUNK_BYTES = 64 * 1024;

const damaged = (name: string, cause?: unknown): Error =>
  unreadable(`The file is damaged: ${name} inside it cannot be unpacked.`, cause);

async function* inflated(raw: Uint8Array, name: string): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  inflate.end(raw);
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (cause) {
    throw damaged(name, cause);
  }
}

async function* stored(raw: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < raw.byteLength; at += CHUNK_BYTES) {
    const part = raw.subarray(at, at + CHUNK_BYTES);
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
}

/**
 * An entry's content in chunks, never more of it than the entry declares. Throws `unreadable_file` as soon
 * as the content turns out longer, and at the end where it is shorter or its checksum differs.
 */
export async function* entryChunks(bytes: Uint8Array, entry: ZipEntry): AsyncGenerator<Buffer> {
  const raw = bytes.subarray(entry.offset, entry.offset + entry.compressedSize);
  let size = 0;
  let crc = 0;
  for await (const chunk of entry.method === 'stored' ? stored(raw) : inflated(raw, entry.name)) {
    size += chunk.byteLength;
    if (size > entry.size) {
      throw unreadable(`The file is damaged: ${entry.name} inside it is larger than it declares.`);
    }
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.size || crc !== entry.crc) throw damaged(entry.name);
}

/** A whole entry. `limit` is in bytes: what is read at once must stay small. */
export async function entryBytes(bytes: Uint8Array, entry: ZipEntry, limit: number): Promise<Buffer> {
  if (entry.size > limit) {
    throw tooLarge(`${entry.name} inside the file has ${entry.size} bytes; at most ${limit} are read.`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of entryChunks(bytes, entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Inflates an entry and forgets it, so that its true size is known before others inflate it in one go. */
export async function verifyEntry(bytes: Uint8Array, entry: ZipEntry): Promise<void> {
  for await (const _chunk of entryChunks(bytes, entry));
}
