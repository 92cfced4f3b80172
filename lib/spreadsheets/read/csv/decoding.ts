/** Decodes a text piece by piece. Throws TypeError for bytes that a fatal decoder cannot read. */
export interface Decoding {
  next(piece: Uint8Array, last: boolean): string;
}

/**
 * A decoder of this encoding. Node 20 takes windows-1252 for ISO 8859-1 when it decodes in one go, and reads
 * `€` and `“` as control characters (nodejs/node#56542); as a stream it does not.
 */
export function decoding(encoding: string, { fatal = false } = {}): Decoding {
  const decoder = new TextDecoder(encoding, { fatal, ignoreBOM: true });
  return {
    next: (piece, last) => decoder.decode(piece, { stream: true }) + (last ? decoder.decode() : ''),
  };
}
