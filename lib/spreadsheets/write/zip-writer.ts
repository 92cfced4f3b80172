import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { SpreadsheetFailure } from '../failure.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const DESCRIPTOR = 0x08074b50;
const END = 0x06054b50;
const VERSION = 20;
const SIZES_FOLLOW = 8;
const UTF8_NAME = 0x800;
const STORED = 0;
const DEFLATED = 8;
// 1980-01-01, the first day zip knows: equal input gives equal bytes.
const NO_TIME = 0;
const FIRST_DAY = 33;
// Sizes are 32 bits wide without zip64, which not every spreadsheet program reads.
const MAX_SIZE = 2 ** 32 - 1;
// Level 1 costs a quarter more bytes and saves a quarter of the whole time.
const LEVEL = 1;
// Larger buffers would take fresh pages from the system each time.
const CHUNK_BYTES = 64 * 1024;

interface Entry {
  name: Buffer;
  flags: number;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  offset: number;
}

type Output = (chunk: Uint8Array) => void | Promise<void>;

function header(
  signature: number,
  { name, flags, method, crc, compressedSize, size, offset }: Entry,
): Buffer {
  const central = signature === CENTRAL;
  const bytes = Buffer.alloc(central ? 46 : 30);
  let at = bytes.writeUInt32LE(signature, 0);
  if (central) at = bytes.writeUInt16LE(VERSION, at);
  at = bytes.writeUInt16LE(VERSION, at);
  at = bytes.writeUInt16LE(flags, at);
  at = bytes.writeUInt16LE(method, at);
  at = bytes.writeUInt16LE(NO_TIME, at);
  at = bytes.writeUInt16LE(FIRST_DAY, at);
  at = bytes.writeUInt32LE(crc, at);
  at = bytes.writeUInt32LE(compressedSize, at);
  at = bytes.writeUInt32LE(size, at);
  bytes.writeUInt16LE(name.byteLength, at);
  if (central) bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, name]);
}

/** Writes a zip file from front to back: entries whose size is not known before stream through. */
export class ZipWriter {
  readonly #output: Output;
  readonly #entries: Entry[] = [];
  #written = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** A small entry in one piece. */
  async add(name: string, content: string): Promise<void> {
    const bytes = Buffer.from(content);
    const compressed = deflateRawSync(bytes, { level: LEVEL });
    const entry = this.#entry(name, 0);
    entry.crc = crc32(bytes);
    entry.size = bytes.byteLength;
    entry.compressedSize = compressed.byteLength;
    await this.#put(header(LOCAL, entry));
    await this.#put(compressed);
  }

  /** An entry of another zip file as it stands there. */
  async copy(
    from: { name: string; method: 'stored' | 'deflated'; crc: number; size: number },
    raw: Uint8Array,
  ): Promise<void> {
    // Names of parts are ASCII but for what a program made of a sheet's.
    const entry = this.#entry(from.name, /[^\x00-\x7f]/.test(from.name) ? UTF8_NAME : 0);
    entry.method = from.method === 'stored' ? STORED : DEFLATED;
    entry.crc = from.crc;
    entry.size = from.size;
    entry.compressedSize = raw.byteLength;
    await this.#put(header(LOCAL, entry));
    await this.#put(raw);
  }

  /** An entry whose content comes in pieces. `end` must be called before the next entry. */
  async stream(name: string): Promise<{ write(text: string): Promise<void>; end(): Promise<void> }> {
    const entry = this.#entry(name, SIZES_FOLLOW);
    await this.#put(header(LOCAL, entry));
    const deflate = createDeflateRaw({ level: LEVEL, chunkSize: CHUNK_BYTES });
    const pump = (async () => {
      for await (const chunk of deflate) {
        const bytes = chunk as Buffer;
        entry.compressedSize += bytes.byteLength;
        await this.#put(bytes);
      }
    })();
    // The pump's failure is reported by the next write or by `end`, never as an unhandled rejection.
    let failure: { cause: unknown } | undefined;
    pump.catch((cause: unknown) => {
      failure = { cause };
    });
    const write = async (text: string): Promise<void> => {
      if (failure !== undefined) throw failure.cause;
      const bytes = Buffer.from(text);
      entry.crc = crc32(bytes, entry.crc);
      entry.size += bytes.byteLength;
      if (entry.size > MAX_SIZE) {
        throw new SpreadsheetFailure('too_large', 'write', 'A worksheet of the result is larger than 4 GB.');
      }
      if (!deflate.write(bytes)) await Promise.race([pump, drained(deflate)]);
    };
    const end = async (): Promise<void> => {
      deflate.end();
      await pump;
      const descriptor = Buffer.alloc(16);
      descriptor.writeUInt32LE(DESCRIPTOR, 0);
      descriptor.writeUInt32LE(entry.crc, 4);
      descriptor.writeUInt32LE(entry.compressedSize, 8);
      descriptor.writeUInt32LE(entry.size, 12);
      await this.#put(descriptor);
    };
    return { write, end };
  }

  /** Writes the directory. Nothing may follow. */
  async finish(): Promise<void> {
    const offset = this.#written;
    for (const entry of this.#entries) await this.#put(header(CENTRAL, entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#written - offset, 12);
    end.writeUInt32LE(offset, 16);
    await this.#put(end);
  }

  #entry(name: string, flags: number): Entry {
    const entry: Entry = {
      name: Buffer.from(name),
      flags,
      method: DEFLATED,
      crc: 0,
      compressedSize: 0,
      size: 0,
      offset: this.#written,
    };
    this.#entries.push(entry);
    return entry;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    this.#written += bytes.byteLength;
    await this.#output(bytes);
  }
}

const drained = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => stream.once('drain', resolve));
