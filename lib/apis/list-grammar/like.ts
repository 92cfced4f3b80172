import type { Value } from './values.ts';

/**
 * SQL's ILIKE: `%` is any text, `_` one character, a backslash makes the next character itself. A pattern
 * without `%` may stand anywhere. Takes time in proportion to pattern and text, whatever the pattern.
 */
export function matchesLike(pattern: string): (value: Value) => boolean {
  const marks = parse(pattern.includes('%') ? pattern : `%${pattern}%`);
  return (value) => matches(marks, Array.from(String(value).toLowerCase()));
}

const ANY_TEXT = Symbol('%');
const ANY_CHARACTER = Symbol('_');
type Mark = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

function parse(pattern: string): Mark[] {
  const marks: Mark[] = [];
  const characters = Array.from(pattern.toLowerCase());
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    if (character === '\\') marks.push(characters[++at] ?? '\\');
    else marks.push(character === '%' ? ANY_TEXT : character === '_' ? ANY_CHARACTER : character);
  }
  return marks;
}

/** Only the last `%` has to be tried again: what the ones before it took can stay. */
function matches(marks: readonly Mark[], text: readonly string[]): boolean {
  let at = 0;
  let mark = 0;
  let retry: { mark: number; at: number } | undefined;
  while (at < text.length) {
    if (marks[mark] === ANY_TEXT) {
      mark += 1;
      retry = { mark, at };
    } else if (marks[mark] === ANY_CHARACTER || marks[mark] === text[at]) {
      mark += 1;
      at += 1;
    } else if (retry !== undefined) {
      retry.at += 1;
      mark = retry.mark;
      at = retry.at;
    } else {
      return false;
    }
  }
  return marks.slice(mark).every((left) => left === ANY_TEXT);
}
