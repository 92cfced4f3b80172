/** A piece of a number format's section: a place for a digit, text that is shown as it is, or a sign with a meaning. */
export interface FormatToken {
  readonly kind: 'digit' | 'literal' | 'bracket' | 'sign';
  /** The character or text, without quotes, backslash or brackets. */
  readonly text: string;
}

// Quoted text, an escaped character, a width or a filling, a bracket, or any other character.
const PIECES = /"([^"]*)"?|\\(.)|[_*](.)|\[([^[\]]*)\]|([\s\S])/g;
// Programs keep codes of 255 characters; what is longer by far is no format, and each character of it costs.
const MAX_CODE = 1024;
const DIGITS = '0#?';
// Letters name dates, exponents and `General`; the rest stands for something else than itself.
const SIGN = /[a-z.,%@/]/i;

/** The sections of a format code (`positive;negative;zero;text`): a semicolon in quotes ends none. */
export function formatSections(code: string): FormatToken[][] {
  const sections: FormatToken[][] = [[]];
  for (const [, quoted, escaped, space, bracket, plain] of code.slice(0, MAX_CODE).matchAll(PIECES)) {
    const section = sections.at(-1) ?? [];
    const literal = quoted ?? escaped;
    // What only makes room for a character or fills the cell's width is no text of the cell.
    if (space !== undefined) continue;
    if (literal !== undefined) section.push({ kind: 'literal', text: literal });
    else if (bracket !== undefined) section.push({ kind: 'bracket', text: bracket });
    else if (plain === ';') sections.push([]);
    else if (plain !== undefined) section.push({ kind: kindOf(plain), text: plain });
  }
  return sections;
}

function kindOf(character: string): FormatToken['kind'] {
  if (DIGITS.includes(character)) return 'digit';
  return SIGN.test(character) ? 'sign' : 'literal';
}
