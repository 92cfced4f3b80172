const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** What each character is in an encoding, by asking the decoder for every one and two bytes. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<string, readonly number[]>();
  const learn = (bytes: number[]): void => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes), { stream: true });
      decoder.decode();
      if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
    } catch (error) {
      // Bytes that stand for nothing.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  for (let first = 0; first < 256; first++) learn([first]);
  for (let first = 0x81; first < 256; first++)
    for (let second = 0x40; second < 256; second++) learn([first, second]);
  tables.set(encoding, table);
  return table;
}

/** A text in an encoding that Node decodes and does not encode. Throws for a character it does not have. */
export function encode(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const table = tableOf(encoding);
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const bytes = table.get(character);
      if (bytes === undefined) throw new Error(`${encoding} has no ${character}`);
      return bytes;
    }),
  );
}
