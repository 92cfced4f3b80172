import { createHash } from 'node:crypto';
import { uuidOf } from './uuid.ts';

/**
 * A UUIDv7 that follows from another one and a name: the same two always give the same id. It keeps the
 * time of the first, so that it sorts among the ids made then (RFC 9562, 5.7).
 */
export function derivedId(id: string, name: string): string {
  const bytes = createHash('sha256').update(`${id}:${name}`).digest().subarray(0, 16);
  Buffer.from(id.replaceAll('-', ''), 'hex').copy(bytes, 0, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidOf(bytes.toString('hex'));
}
