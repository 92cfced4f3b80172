const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const HEADER_BYTES = 512;

/** Whether the bytes start like a compound file, the container of .xls and of encrypted workbooks. */
export const isCompoundFile = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte);

/** Whether a compound file names a stream. Names stand in it as UTF-16, so that no directory need be walked. */
export function namesStream(bytes: Uint8Array, name: string): boolean {
  if (bytes.byteLength <= HEADER_BYTES) return false;
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return content.includes(Buffer.from(name, 'utf16le'), HEADER_BYTES);
}
