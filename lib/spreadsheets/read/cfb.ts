const HEADER_BYTES = 512;
const HEADER_FAT_SECTORS = 109;
const ENTRY_BYTES = 128;
// Above this number, a sector's successor says that there is none.
const LAST_SECTOR = 0xffff_fff9;
const ROOT = 5;
const STREAM = 2;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/**
 * A compound file's streams, by their names without regard to case. The header's byte order mark is not looked
 * at: all files are little-endian, and some that lack the mark are good. Only the outermost folder counts, since
 * workbooks hold others as objects.
 */
export class CompoundFile {
  readonly #file: Buffer;
  readonly #shift: number;
  readonly #fat: Uint32Array;
  readonly #entries: readonly Entry[];

  /** Of a file that is cut or damaged there may be no streams. */
  constructor(bytes: Uint8Array) {
    this.#file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = Buffer.concat([this.#file.subarray(0, HEADER_BYTES), Buffer.alloc(HEADER_BYTES)]);
    this.#shift = header.readUInt16LE(30);
    const isKnown = this.#shift === 9 || this.#shift === 12;
    this.#fat = isKnown ? this.#allocation(header) : new Uint32Array();
    this.#entries = isKnown ? entriesOf(this.#chain(header.readUInt32LE(48), this.#fat)) : [];
  }

  /** The content of a stream; undefined if there is none of the name. */
  stream(name: string): Buffer | undefined {
    const wanted = name.toLowerCase();
    const entry = this.#outermost().find((candidate) => candidate.name.toLowerCase() === wanted);
    if (entry === undefined) return undefined;
    const cutoff = this.#file.readUInt32LE(56);
    const content = entry.size < cutoff ? this.#small(entry) : this.#chain(entry.start, this.#fat);
    return content.subarray(0, entry.size);
  }

  /** Whether the file names a stream, even if its directory is damaged. */
  names(name: string): boolean {
    if (this.#entries.length > 0) return this.stream(name) !== undefined;
    return this.#file.includes(Buffer.from(name, 'utf16le'), HEADER_BYTES);
  }

  #outermost(): Entry[] {
    const root = this.#entries.find(({ type }) => type === ROOT);
    const found = new Set<Entry>();
    const open = [root?.child ?? -1];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const entry = this.#entries[index];
      if (entry === undefined || found.has(entry)) continue;
      found.add(entry);
      open.push(entry.left, entry.right);
    }
    const streams = [...found].filter(({ type }) => type === STREAM);
    return streams.length > 0 ? streams : this.#entries.filter(({ type }) => type === STREAM);
  }

  #sector(index: number): Buffer {
    const start = (index + 1) * 2 ** this.#shift;
    return this.#file.subarray(start, start + 2 ** this.#shift);
  }

  /** The table of each sector's successor, whose own sectors are listed in the header and a chain behind it. */
  #allocation(header: Buffer): Uint32Array {
    const places: number[] = [];
    for (let at = 0; at < HEADER_FAT_SECTORS; at++) places.push(header.readUInt32LE(76 + 4 * at));
    const sectors = Math.ceil(this.#file.byteLength / 2 ** this.#shift);
    let next = header.readUInt32LE(68);
    for (let read = 0; next < sectors && read < sectors; read++) {
      const words = wordsOf([this.#sector(next)]);
      places.push(...words.subarray(0, -1));
      next = words.at(-1) ?? LAST_SECTOR;
    }
    return wordsOf(places.filter((place) => place < sectors).map((place) => this.#sector(place)));
  }

  #chain(start: number, table: Uint32Array): Buffer {
    return Buffer.concat(chainOf(start, table).map((index) => this.#sector(index)));
  }

  /** A stream that shares its sectors with others inside the root's own. */
  #small(entry: Entry): Buffer {
    const root = this.#entries.find(({ type }) => type === ROOT);
    const shared = this.#chain(root?.start ?? LAST_SECTOR, this.#fat);
    const table = wordsOf([this.#chain(this.#file.readUInt32LE(60), this.#fat)]);
    const bytes = 2 ** this.#file.readUInt16LE(32);
    return Buffer.concat(
      chainOf(entry.start, table).map((index) => shared.subarray(index * bytes, (index + 1) * bytes)),
    );
  }
}

function chainOf(start: number, table: Uint32Array): number[] {
  const chain: number[] = [];
  // A chain that is longer than its table goes in a circle.
  for (let at = start; at < LAST_SECTOR && at < table.length && chain.length < table.length; ) {
    chain.push(at);
    at = table[at] ?? LAST_SECTOR;
  }
  return chain;
}

function wordsOf(sectors: readonly Buffer[]): Uint32Array {
  const bytes = Buffer.concat(sectors);
  const words = new Uint32Array(Math.floor(bytes.byteLength / 4));
  for (let at = 0; at < words.length; at++) words[at] = bytes.readUInt32LE(at * 4);
  return words;
}

function entriesOf(directory: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.byteLength; at += ENTRY_BYTES) {
    const entry = directory.subarray(at, at + ENTRY_BYTES);
    const length = Math.min(Math.max(entry.readUInt16LE(64) - 2, 0), 62);
    entries.push({
      name: entry.toString('utf16le', 0, length),
      type: entry.readUInt8(66),
      left: entry.readUInt32LE(68),
      right: entry.readUInt32LE(72),
      child: entry.readUInt32LE(76),
      start: entry.readUInt32LE(116),
      size: entry.readUInt32LE(120),
    });
  }
  return entries;
}
