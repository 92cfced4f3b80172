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

/** Of 256 UTF-16 units: what each is plainly, and whether it may be one with what stands before it. */
interface Page {
  readonly plain: (string | undefined)[];
  readonly joins: Uint8Array;
}

// A page for each leading byte that was met: one list of all units would be sparse, which is slow.
const pages: (Page | undefined)[] = Array.from({ length: 256 }, () => undefined);
const JOINING = /[\p{M}\u1161-\u11ff]/u;

function pageOf(code: number): Page {
  const known = pages[code >> 8];
  if (known !== undefined) return known;
  const page = { plain: Array.from({ length: 256 }, () => undefined), joins: new Uint8Array(256) };
  pages[code >> 8] = page;
  return page;
}

function learn({ plain, joins }: Page, code: number): string {
  const learned = plainCharacter(String.fromCharCode(code));
  plain[code & 0xff] = learned;
  if (JOINING.test(learned)) joins[code & 0xff] = 1;
  return learned;
}

/** The text folded and without diacritics; in time linear to its length. What is plain already is itself. */
export function plainText(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  let plain = '';
  let joined = 0;
  // Every cell of a sheet may come by here, so nothing is done to a character twice.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? code);
      plain += plainCharacter(character);
      joined = 1;
      at += character.length - 1;
      continue;
    }
    const page = pageOf(code);
    plain += page.plain[code & 0xff] ?? learn(page, code);
    joined |= page.joins[code & 0xff] ?? 0;
  }
  // Syllables that came in parts, such as half-width Kana with their voice marks, are one again.
  return joined === 0 ? plain : plain.normalize('NFC');
}
