/** FNV-1a, whose bits are mixed at the end: 32 bits, never 0, which stands for a blank cell. */
const START = 0x811c9dc5;
const PRIME = 0x01000193;

function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits = (bits ^ (bits >>> 16)) >>> 0;
  return bits === 0 ? 1 : bits;
}

/** Of the text as it stands. */
export function strictHash(text: string): number {
  if (text === '') return 0;
  let hash = START;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return mixed(hash);
}

const DIGITS = [48, 57] as const;
const UPPER = [65, 90] as const;
const LOWER = [97, 122] as const;
const within = (code: number, [first, last]: readonly [number, number]): boolean =>
  code >= first && code <= last;

/**
 * Of what makes a text the same value to a person: capitals, spaces and ASCII punctuation do not count. A text
 * of nothing else is blank here.
 */
export function looseHash(text: string): number {
  let hash = START;
  let counted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const counts = code > 127 || within(code, DIGITS) || within(code, LOWER) || within(code, UPPER);
    if (!counts) continue;
    counted = true;
    hash = Math.imul(hash ^ (within(code, UPPER) ? code + 32 : code), PRIME);
  }
  return counted ? mixed(hash) : 0;
}

/** Adds a cell's hash to that of its row. */
export const addHash = (row: number, cell: number): number =>
  Math.imul(row ^ cell ^ (cell >>> 15), PRIME) + 0x9e3779b9;
