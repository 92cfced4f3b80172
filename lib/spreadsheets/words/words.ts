import { plainText } from './plain-text.ts';

// Marks belong to the letter before them: alone they are no word.
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/** The words of a text as it is, from left to right: runs of letters, their marks and digits. */
export const wordsIn = (text: string): string[] => text.match(WORD) ?? [];

/**
 * What two headers have in common that are the same one: their plain words, joined by a space. One that has none,
 * such as `#` or `€`, is its signs.
 */
export function headerKey(text: string): string {
  const plain = plainText(text);
  const words = wordsIn(plain);
  return words.length > 0 ? words.join(' ') : plain.replace(/\s+/g, ' ').trim();
}
