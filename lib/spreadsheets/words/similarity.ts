/** How near two plain words or phrases are, 0 (not at all) to 1 (the same); by rules, the same every time. */

/** A near miss of less is none. */
export const MIN_SIMILARITY = 0.75;

/** Longer headers are sentences, and cost too much to compare. */
const MAX_WORDS = 12;
const MAX_WORD_LETTERS = 40;

const PLURAL = 0.97;
const JOINED = 0.97;
// An abbreviation is worth 0.85 and up to a tenth more, the more of the word is left: `nme` more than `cust`.
const ABBREVIATION = 0.85;
const KEPT = 0.1;
const MIN_ABBREVIATION = 3;
const MIN_KEPT = 0.25;
// What a header says beyond a phrase makes it less likely to mean it, however much that is.
const PER_SURPLUS = 0.05;
const MAX_SURPLUS = 3;
// A slip of the pen: one in words of four letters and more, two from eight on.
const MIN_TYPO_LETTERS = 4;
const TWO_TYPOS_LETTERS = 8;

/** Of the comparison of two words, which looks at no more than five letters of one for each of the other. */
const STEPS_PER_LETTER = 5;

/** Told how many steps a comparison takes, before they are taken. */
export type Spend = (steps: number) => void;

/** Letters to add, leave out, replace or swap with their neighbour; of more than `most` only that they are more. */
function mistakes(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const line: number[] = [row];
    let leastOfRow = row;
    // Further from the diagonal than `most`, everything is more.
    const end = Math.min(b.length, row + most);
    for (let at = Math.max(1, row - most); at <= end; at++) {
      const differs = a[row - 1] === b[at - 1] ? 0 : 1;
      let least = Math.min(
        (last[at] ?? most) + 1,
        (line[at - 1] ?? most) + 1,
        (last[at - 1] ?? most) + differs,
      );
      const swapped = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      if (swapped) least = Math.min(least, (beforeLast[at - 2] ?? most) + 1);
      line[at] = least;
      leastOfRow = Math.min(leastOfRow, least);
    }
    if (leastOfRow > most) return most + 1;
    beforeLast = last;
    last = line;
  }
  return last[b.length] ?? most + 1;
}

function isPlural(long: string, short: string): boolean {
  if (short.length < MIN_ABBREVIATION) return false;
  if (long === `${short}s` || long === `${short}es`) return true;
  return short.endsWith('y') && long === `${short.slice(0, -1)}ies`;
}

const DIGIT = /\p{N}/u;
const SMALL_LETTERS = /^[a-z]+$/;

/** `nme`, `qty`, `dept`: first and last letter, others in order, at most one vowel among those after the first. */
function isContraction(short: string, long: string): boolean {
  if (!SMALL_LETTERS.test(short) || short.at(-1) !== long.at(-1)) return false;
  if ((short.slice(1).match(/[aeiou]/g)?.length ?? 0) > 1) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

function abbreviation(short: string, long: string): number {
  const kept = short.length / long.length;
  if (short.length < MIN_ABBREVIATION || kept >= 1 || kept < MIN_KEPT) return 0;
  return long.startsWith(short) || isContraction(short, long) ? ABBREVIATION + KEPT * kept : 0;
}

function typo(a: string, b: string): number {
  const letters = Math.max(a.length, b.length);
  if (Math.min(a.length, b.length) < MIN_TYPO_LETTERS) return 0;
  const most = letters >= TWO_TYPOS_LETTERS ? 2 : 1;
  const count = mistakes(a, b, most);
  if (count > most) return 0;
  // Another letter makes another word of a short one: `cost` is no slip for `coat`, but `csot` is.
  const isOther = letters === MIN_TYPO_LETTERS && a.length === b.length && !sameLetters(a, b);
  return isOther ? 0 : 1 - count / letters;
}

const sameLetters = (a: string, b: string): boolean => [...a].sort().join('') === [...b].sort().join('');

/** How near a word of a header is to one that is looked for. Slips hardly ever are in the first letter. */
function wordSimilarity(found: string, wanted: string, spend: Spend): number {
  if (found === wanted) return 1;
  if (found[0] !== wanted[0] || Math.max(found.length, wanted.length) > MAX_WORD_LETTERS) return 0;
  spend(STEPS_PER_LETTER * (found.length + wanted.length));
  // Numbers are no words with a slip: `2023` is another year than `2024`.
  if (DIGIT.test(found) || DIGIT.test(wanted)) return 0;
  if (isPlural(found, wanted) || isPlural(wanted, found)) return PLURAL;
  return Math.max(abbreviation(found, wanted), typo(found, wanted));
}

/** Every wanted word meets the nearest one of the header that is left; longer words weigh more. */
function wordByWord(found: readonly string[], wanted: readonly string[], spend: Spend): number {
  const left = [...found];
  let sum = 0;
  let weight = 0;
  for (const word of wanted) {
    let best = 0;
    let at = -1;
    for (const [index, other] of left.entries()) {
      const similarity = wordSimilarity(other, word, spend);
      if (similarity > best) [best, at] = [similarity, index];
    }
    if (at < 0) return 0;
    left.splice(at, 1);
    sum += best * word.length;
    weight += word.length;
  }
  return (sum / weight) * (1 - PER_SURPLUS * Math.min(MAX_SURPLUS, left.length));
}

/**
 * How near the words of a header are to those of a phrase: by typos, plurals and abbreviations, word by word, or
 * written as one word. 0 where that is less than `MIN_SIMILARITY`. Its steps are bounded whatever the words are.
 */
export function phraseSimilarity(found: readonly string[], wanted: readonly string[], spend: Spend): number {
  if (found.length === 0 || wanted.length === 0) return 0;
  if (found.length > MAX_WORDS || wanted.length > MAX_WORDS) return 0;
  spend(1 + found.length * wanted.length);
  let similarity = found.length < wanted.length ? 0 : wordByWord(found, wanted, spend);
  if (found.length !== wanted.length) {
    const asOne = wordSimilarity(found.join(''), wanted.join(''), spend);
    similarity = Math.max(similarity, asOne * JOINED);
  }
  return similarity < MIN_SIMILARITY ? 0 : similarity;
}
