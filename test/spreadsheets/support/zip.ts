import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  name: string;
  content: string | Uint8Array;
  /** Lies about the part, in the central header and the local one alike unless `local` says otherwise. */
  declaredSize?: number;
  local?: { size?: number; name?: string };
  /** Leaves the sizes of the local header to a data descriptor: both, or the one that is named. */
  descriptor?: boolean | 'size' | 'packedSize';
  encrypted?: boolean;
  zip64?: boolean;
}

const FULL = 0xffff_ffff;

function header(central: boolean, part: ZipPart, raw: Buffer, packed: Buffer, offset: number): Buffer {
  const leaves = (field: 'size' | 'packedSize'): boolean =>
    part.descriptor === true || part.descriptor === field;
  const declared = part.declaredSize ?? raw.byteLength;
  const size = central ? declared : (part.local?.size ?? (leaves('size') ? 0 : declared));
  const packedSize = !central && leaves('packedSize') ? 0 : packed.byteLength;
  const name = Buffer.from(central ? part.name : (part.local?.name ?? part.name));
  const extra = Buffer.alloc(part.zip64 ? 20 : 0);
  if (part.zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(size), 4);
    extra.writeBigUInt64LE(BigInt(packedSize), 12);
  }
  const bytes = Buffer.alloc(central ? 46 : 30);
  bytes.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0);
  const at = central ? 6 : 4;
  bytes.writeUInt16LE(20, at);
  bytes.writeUInt16LE((part.encrypted ? 1 : 0) | (part.descriptor ? 8 : 0), at + 2);
  bytes.writeUInt16LE(8, at + 4);
  bytes.writeUInt32LE(!central && part.descriptor ? 0 : crc32(raw), at + 10);
  bytes.writeUInt32LE(part.zip64 ? FULL : packedSize, at + 14);
  bytes.writeUInt32LE(part.zip64 ? FULL : size, at + 18);
  bytes.writeUInt16LE(name.byteLength, at + 22);
  bytes.writeUInt16LE(extra.byteLength, at + 24);
  if (central) bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, name, extra]);
}

function descriptorOf(raw: Buffer, packed: Buffer): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc32(raw), 4);
  bytes.writeUInt32LE(packed.byteLength, 8);
  bytes.writeUInt32LE(raw.byteLength, 12);
  return bytes;
}

/** A zip file of these parts, honest or not. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const pieces: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const raw = Buffer.from(part.content);
    const packed = deflateRawSync(raw);
    const local = Buffer.concat([
      header(false, part, raw, packed, 0),
      packed,
      part.descriptor ? descriptorOf(raw, packed) : Buffer.alloc(0),
    ]);
    central.push(header(true, part, raw, packed, offset));
    pieces.push(local);
    offset += local.byteLength;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, directory, end]);
}

/** The same file with a directory that claims this many entries, as only zip64 can. */
export function claimingEntries(file: Buffer, count: number): Buffer {
  const body = file.subarray(0, -22);
  const end = file.subarray(-22);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  end64.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(body.byteLength), 8);
  const open = Buffer.from(end);
  open.writeUInt16LE(0xffff, 8);
  open.writeUInt16LE(0xffff, 10);
  return Buffer.concat([body, end64, locator, open]);
}
