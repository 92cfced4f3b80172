/** Bytes as text of a charset; undefined when they are none, or there is no such charset. */
export function decodeBytes(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // The two ways in which the decoder says so.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}
