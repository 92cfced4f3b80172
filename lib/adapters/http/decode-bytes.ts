/** Bytes as text of a charset; undefined when they are none, or there is no such charset. */
export function decodeBytes(bytes: Uint8Array, charset: string): string | undefined {
  try {
    const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
    // Node 20 takes windows-1252 for ISO 8859-1 unless it decodes a stream (nodejs/node#56542).
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch (error) {
    // The two ways in which the decoder says so.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}
