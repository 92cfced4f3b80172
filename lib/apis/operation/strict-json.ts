/**
 * What a JSON text says that would not be read as it says it, as a sentence for its sender; undefined for one that
 * is read as it is. For texts that `JSON.parse` takes: what is no JSON may be either.
 */
export function lostIn(json: string): string | undefined {
  for (let at = 0; at < json.length; at += 1) {
    if (json[at] === '"') {
      const end = endOfText(json, at);
      if (isName(json, end) && isProto(json.slice(at, end + 1)))
        return 'A member must not be called __proto__';
      at = end;
    } else if (STARTS_NUMBER.test(json[at] ?? '')) {
      NUMBER.lastIndex = at;
      const [number = '-'] = NUMBER.exec(json) ?? [];
      const lost = lostOf(number);
      if (lost !== undefined) return `The number ${shortened(number)} ${lost}`;
      at += number.length - 1;
    }
  }
  return undefined;
}

const STARTS_NUMBER = /[-0-9]/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** JavaScript's numbers are doubles, which name every integer up to 2^53 and end at about 1.8e308. */
function lostOf(number: string): string | undefined {
  const value = Number(number);
  if (!Number.isFinite(value)) return 'is too large';
  if (value === 0 && /[1-9]/.test(number.split(/e/i)[0] ?? '')) return 'is too small';
  if (/^-?\d+$/.test(number) && Math.abs(value) >= 2 ** 53 && !isUpTo53Bits(number))
    return 'has more than 53 bits; send it as a string';
  return undefined;
}

function isUpTo53Bits(integer: string): boolean {
  const value = BigInt(integer);
  return value >= -(2n ** 53n) && value <= 2n ** 53n;
}

/** A text, its quotes included, that stands for `__proto__`, whatever of it is escaped. */
const isProto = (text: string): boolean =>
  text.length <= LONGEST_PROTO && /^"[_\\]/.test(text) && JSON.parse(text) === '__proto__';
const LONGEST_PROTO = '__proto__'.length * '\\u005f'.length + 2;

const isName = (json: string, end: number): boolean => {
  let next = end + 1;
  while (/\s/.test(json[next] ?? '')) next += 1;
  return json[next] === ':';
};

/** Where the text that begins here has its last quote. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at;
  }
  return json.length;
}

const shortened = (number: string): string => (number.length <= 40 ? number : `${number.slice(0, 40)}…`);
