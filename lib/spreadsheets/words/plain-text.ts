/** What a text turns out to be when case, width, diacritics and strokes are left out: `Łódź` is `lodz`. */

// Letters that no decomposition takes apart: strokes, dots and ligatures. Case and width are gone by then.
const UNDONE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ ı: 'i', ȷ: 'j', ß: 'ss', ς: 'σ', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd' },
    ...{ đ: 'd', ł: 'l', ø: 'o', ħ: 'h', ŧ: 't', ƀ: 'b', ɨ: 'i', ʉ: 'u', ɵ: 'o', ƶ: 'z' },
    ...{ ɍ: 'r', ɏ: 'y', ǥ: 'g', ɇ: 'e', ȼ: 'c', ⱥ: 'a', ⱦ: 't', ƚ: 'l', ɗ: 'd', ɓ: 'b' },
  }),
);

// Marks over, under and through letters of alphabets, and the vowel points of Hebrew and Arabic, which are
// written or not. Those that make another syllable of one, as in Devanagari or Kana, are no such thing.
const DIACRITICS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]/g;

// Soft hyphens, joiners and marks of direction have no width; the space of no width parts words all the same.
const UNSEEN = /(?!\u200b)\p{Cf}/gu;

const NOT_ASCII = /[^\x00-\x7f]/;

/** NFKC and case folding: full width is half width, `STRASSE` is `Straße`; diacritics stay. */
export function foldText(text: string): string {
  const lower = NOT_ASCII.test(text)
    ? text.normalize('NFKC').replace(UNSEEN, '').toLowerCase()
    : text.toLowerCase();
  return lower.replace(/[ßς]/g, (letter) => (letter === 'ß' ? 'ss' : 'σ'));
}

function plainCharacter(character: string): string {
  const bare = foldText(character).normalize('NFD').replace(DIACRITICS, '');
  return Array.from(bare, (letter) => UNDONE.get(letter) ?? letter).join('');
}

const known: (string | undefined)[] = [];

/** The text folded and without diacritics; in time linear to its length. What is plain already is itself. */
export function plainText(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  let plain = '';
  for (const character of text) {
    const code = character.length === 1 ? character.charCodeAt(0) : -1;
    if (code < 0) plain += plainCharacter(character);
    else plain += known[code] ??= plainCharacter(character);
  }
  // Syllables that came in parts, such as half-width Kana with their voice marks, are one again.
  return plain.normalize('NFC');
}
