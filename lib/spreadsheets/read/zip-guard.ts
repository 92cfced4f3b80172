import { tooLarge, unreadable } from '../failure.ts';

/** An entry of a zip file whose headers have been checked against each other. */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  /** Bytes in the file; and bytes after inflating, as declared. */
  readonly compressedSize: number;
  readonly size: number;
  /** Where the entry's data starts in the file. */
  readonly offset: number;
}

// As many as a zip file can name without zip64: workbooks of hundreds of sheets, each with notes, drawings and
// printer settings, have thousands. Headers of so many are checked in a tenth of a second.
const MAX_ENTRIES = 65_535;
// A sheet of a million rows by twenty columns is about one gigabyte of XML.
const MAX_TOTAL_SIZE = 2 ** 31;
// Honest workbooks inflate 6 to 20 times. Below 50 MB a small file of repeated rows may inflate more.
const MAX_RATIO = 100;
const RATIO_FREE_SIZE = 50_000_000;

const END = 0x06054b50;
const END_SIZE = 22;
const END64_LOCATOR = 0x07064b50;
const END64_LOCATOR_SIZE = 20;
const END64 = 0x06064b50;
const END64_SIZE = 56;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const ZIP64_EXTRA = 1;
const FULL_32 = 0xffff_ffff;
const FULL_16 = 0xffff;
const ENCRYPTED = 1;
const SIZES_FOLLOW = 8;

const broken = (): Error =>
  unreadable('The file is damaged or incomplete: its zip directory cannot be read.');

const big = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function findEnd(view: DataView): number {
  // The end record stands last, before a comment of at most 65,535 bytes.
  const first = Math.max(0, view.byteLength - END_SIZE - FULL_16);
  for (let at = view.byteLength - END_SIZE; at >= first; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw broken();
}

function directory(view: DataView): { count: number; offset: number } {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const offset = view.getUint32(end + 16, true);
  if (count !== FULL_16 && offset !== FULL_32) return { count, offset };
  const locator = end - END64_LOCATOR_SIZE;
  if (locator < 0 || view.getUint32(locator, true) !== END64_LOCATOR) return { count, offset };
  const end64 = big(view, locator + 8);
  if (end64 + END64_SIZE > view.byteLength || view.getUint32(end64, true) !== END64) throw broken();
  return { count: big(view, end64 + 32), offset: big(view, end64 + 48) };
}

/** Values too large for 32 bits stand in an extra field, in this order and only where the header says so. */
function zip64Values(view: DataView, from: number, length: number, values: number[]): number[] {
  let at = from;
  while (at + 4 <= from + length) {
    const id = view.getUint16(at, true);
    const size = view.getUint16(at + 2, true);
    if (id === ZIP64_EXTRA) {
      let next = at + 4;
      return values.map((value) => {
        if (value !== FULL_32 || next + 8 > at + 4 + size) return value;
        next += 8;
        return big(view, next - 8);
      });
    }
    at += 4 + size;
  }
  return values;
}

interface CentralHeader {
  name: string;
  method: number;
  flags: number;
  crc: number;
  compressedSize: number;
  size: number;
  local: number;
  next: number;
}

const NAMES = new TextDecoder();

const nameOf = (view: DataView, at: number, length: number): string =>
  NAMES.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));

function centralHeader(view: DataView, at: number): CentralHeader {
  if (at + CENTRAL_SIZE > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw broken();
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const next = at + CENTRAL_SIZE + nameLength + extraLength + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw broken();
  const [size = 0, compressedSize = 0, local = 0] = zip64Values(
    view,
    at + CENTRAL_SIZE + nameLength,
    extraLength,
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
  );
  return {
    name: nameOf(view, at + CENTRAL_SIZE, nameLength),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    compressedSize,
    size,
    local,
    next,
  };
}

function checkedEntry(view: DataView, header: CentralHeader): ZipEntry {
  const { local, name, flags, method, crc, compressedSize, size } = header;
  if (flags & ENCRYPTED)
    throw unreadable('The file is password protected. Remove the password and try again.');
  if (method !== 0 && method !== 8)
    throw unreadable('The file is compressed in a way that is not supported.');
  if (local + LOCAL_SIZE > view.byteLength || view.getUint32(local, true) !== LOCAL) throw broken();
  const nameLength = view.getUint16(local + 26, true);
  const extraLength = view.getUint16(local + 28, true);
  const offset = local + LOCAL_SIZE + nameLength + extraLength;
  if (offset + compressedSize > view.byteLength) throw broken();
  const [localSize = 0, localCompressed = 0] = zip64Values(
    view,
    local + LOCAL_SIZE + nameLength,
    extraLength,
    [view.getUint32(local + 22, true), view.getUint32(local + 18, true)],
  );
  // A local header may leave its sizes, one or both, to the data descriptor; otherwise both headers say the
  // same. Whatever is left open, the central sizes bound what is read and the checksum is verified.
  const later = ((flags | view.getUint16(local + 6, true)) & SIZES_FOLLOW) !== 0;
  const agrees = (said: number, central: number): boolean =>
    said === central || (later && (said === 0 || said === FULL_32));
  const sameSizes = agrees(localSize, size) && agrees(localCompressed, compressedSize);
  const sameEntry = nameOf(view, local + LOCAL_SIZE, nameLength) === name;
  if (!sameEntry || view.getUint16(local + 8, true) !== method || !sameSizes) {
    throw unreadable('The file is damaged: its zip headers contradict each other.');
  }
  if (method === 0 && size !== compressedSize) throw broken();
  return { name, method: method === 0 ? 'stored' : 'deflated', crc, compressedSize, size, offset };
}

/** No two entries share bytes: overlapping ones are how a small file declares a huge content honestly. */
function refuseOverlaps(entries: Iterable<ZipEntry>): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset < end) throw unreadable('The file is damaged: its zip entries overlap.');
    end = entry.offset + entry.compressedSize;
  }
}

/**
 * The entries of a zip file by name, directories left out, before anything is inflated. Throws `too_large`
 * for what would inflate beyond measure and `unreadable_file` for what is damaged, encrypted or contradicts
 * itself.
 */
export function zipEntries(bytes: Uint8Array): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, offset } = directory(view);
  if (count > MAX_ENTRIES) {
    throw tooLarge(`The file has ${count} parts inside; at most ${MAX_ENTRIES} are read.`);
  }
  const headers: CentralHeader[] = [];
  for (let index = 0, at = offset; index < count; index++) {
    const header = centralHeader(view, at);
    headers.push(header);
    at = header.next;
  }
  const total = headers.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_TOTAL_SIZE || (total > RATIO_FREE_SIZE && total / bytes.byteLength > MAX_RATIO)) {
    throw tooLarge(`The file would unpack to ${Math.round(total / 1e6)} MB, more than is read.`);
  }
  const entries = new Map<string, ZipEntry>();
  for (const header of headers) {
    if (header.name.endsWith('/')) continue;
    if (entries.has(header.name)) throw unreadable(`The file is damaged: it holds ${header.name} twice.`);
    entries.set(header.name, checkedEntry(view, header));
  }
  refuseOverlaps(entries.values());
  return entries;
}
