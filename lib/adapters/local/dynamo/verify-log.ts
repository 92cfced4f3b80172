const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const LAST_TYPE = 4;

/**
 * Whether a write-ahead log of LevelDB is as it was written. LevelDB itself leaves out what it cannot read, and
 * says so in no answer. What was cut off by the end of a process may stand at the end, unless the log was
 * closed: a record that cannot be read and is followed by one that can was damaged later.
 * https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
export function isLogWhole(log: Buffer, { wasClosed }: { wasClosed: boolean }): boolean {
  let hasBad = false;
  for (let block = 0; block < log.length; block += BLOCK_BYTES) {
    const end = Math.min(block + BLOCK_BYTES, log.length);
    let at = block;
    while (at + HEADER_BYTES <= end) {
      const next = at + HEADER_BYTES + log.readUInt16LE(at + 4);
      const type = log[at + 6] ?? 0;
      // Space that was set aside and never written.
      if (type === 0 && next === at + HEADER_BYTES && !hasBad) break;
      const isRecord =
        type >= 1 &&
        type <= LAST_TYPE &&
        next <= end &&
        unmasked(log.readUInt32LE(at)) === crc32c(log, at + 6, next);
      if (isRecord && hasBad) return false;
      // The next record is looked for byte by byte: it may be the length that cannot be trusted.
      hasBad ||= !isRecord;
      at = isRecord ? next : at + 1;
    }
  }
  return !(hasBad && wasClosed);
}

/** LevelDB stores a checksum so that no checksum of it looks like one. */
function unmasked(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Buffer, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let at = start; at < end; at += 1) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
