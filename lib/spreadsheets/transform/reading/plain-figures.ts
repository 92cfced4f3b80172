// Every decimal digit stands in a block of ten whose first is a zero.
const OTHER_DIGIT = /[^\x00-\x7f]/u;
const DIGIT = /\p{Nd}/gu;

function asciiDigit(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 128) return sign;
  // Blocks of digits begin where the code before is no digit; none is longer than ten but for mathematical ones.
  for (let back = 0; back < 10; back++) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(code - back - 1))) return String(back);
  }
  return sign;
}

/** A text in the figures and spaces of ASCII: full width, Arabic-Indic and other digits, narrow spaces; trimmed. */
export function plainFigures(text: string): string {
  const trimmed = text.trim();
  if (!OTHER_DIGIT.test(trimmed)) return trimmed;
  return trimmed.normalize('NFKC').replace(DIGIT, asciiDigit).trim();
}
