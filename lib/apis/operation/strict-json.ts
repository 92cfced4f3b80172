/**
 * What a JSON text says that would not be read as it says it, as a sentence for its sender; undefined for one that
 * is read as it is. For texts that `JSON.parse` takes: what is no JSON may be either.
 */
export function lostIn(json: string): string | undefined {
  // Of what is open: the names that an object has had so far, undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at] ?? '';
    if (character === '"') {
      const end = endOfText(json, at);
      const lost = lostOfText(json.slice(at, end + 1), isName(json, end) ? open.at(-1) : undefined);
      if (lost !== undefined) return lost;
      at = end;
    } else if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (STARTS_NUMBER.test(character)) {
      NUMBER.lastIndex = at;
      const [number = '-'] = NUMBER.exec(json) ?? [];
      const lost = lostOfNumber(number);
      if (lost !== undefined) return `The number ${shortened(number)} ${lost}`;
      at += number.length - 1;
    }
  }
  return undefined;
}

/** `quoted` is as it stands there, `names` those that came before if it is the name of a member. */
function lostOfText(quoted: string, names: Set<string> | undefined): string | undefined {
  if (names === undefined && !HALF.test(quoted)) return undefined;
  const text: unknown = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
  if (typeof text !== 'string') return undefined;
  // Half a pair is no character: it cannot be stored or sent as UTF-8.
  if (!text.isWellFormed()) return 'A text has half a character, one \\uD800 to \\uDFFF without its other';
  if (text === '__proto__' && names !== undefined) return 'A member must not be called __proto__';
  if (names?.has(text)) return `The member ${JSON.stringify(shortened(text))} stands twice in one object`;
  names?.add(text);
  return undefined;
}

/** What may be one half of a pair of surrogates. Unescaped ones do not come out of UTF-8. */
const HALF = /\\u[dD][89a-fA-F]/;
const STARTS_NUMBER = /[-0-9]/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** JavaScript's numbers are doubles, which name every integer up to 2^53 and end at about 1.8e308. */
function lostOfNumber(number: string): string | undefined {
  const value = Number(number);
  if (!Number.isFinite(value)) return 'is too large';
  if (value === 0 && /[1-9]/.test(number.split(/e/i)[0] ?? '')) return 'is too small';
  const [, integer] = /^(-?\d+)(?:\.0+)?$/.exec(number) ?? [];
  if (integer !== undefined && Math.abs(value) >= 2 ** 53 && !isUpTo53Bits(integer))
    return 'has more than 53 bits; send it as a string';
  return undefined;
}

function isUpTo53Bits(integer: string): boolean {
  const value = BigInt(integer);
  return value >= -(2n ** 53n) && value <= 2n ** 53n;
}

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

const shortened = (text: string): string =>
  text.length <= 40 ? text : `${text.slice(0, 40).toWellFormed()}…`;
