import { foldText } from './plain-text.ts';
import { wordsIn } from './words.ts';

/** Characters of a word that a configuration names. */
export const MAX_WORD_CHARACTERS = 50;

const quoted = (word: string): string => JSON.stringify(word);

/** What to write in place of a configured word that is not exactly one, or nothing. */
export function wordProblem(word: string): string | undefined {
  if (word.length > MAX_WORD_CHARACTERS) {
    return `${quoted(`${word.slice(0, MAX_WORD_CHARACTERS)}…`)} is longer than a word may be: write one of at most ${MAX_WORD_CHARACTERS} characters`;
  }
  const folded = foldText(word);
  const words = wordsIn(folded);
  const [only] = words;
  if (words.length === 1 && only === folded) return undefined;
  if (words.length === 0) {
    return `${quoted(word)} has no letter and no digit: write a word, or name the whole header among the field's headers`;
  }
  const instead = words.map(quoted).join(', ');
  return words.length === 1
    ? `${quoted(word)} is more than one word of letters and digits: write ${instead} (lower-case is the same)`
    : `${quoted(word)} is ${words.length} words: write ${instead} (lower-case is the same)`;
}
