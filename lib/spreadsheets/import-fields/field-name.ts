import { plainText } from '../words/plain-text.ts';
import { headerKey, wordsIn } from '../words/words.ts';

const MAX_NAME = 64;

/** `firstName` is two words. */
const parted = (text: string): string => text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2');

/** A name that a field may have: `Erster Kontakt` is `erster_kontakt`, and one that has no such letters `field_3`. */
export function fieldName(text: string, no: number): string {
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(text) && text.length <= MAX_NAME) return text;
  const words = wordsIn(plainText(parted(text)))
    .join('_')
    .replace(/[^a-z0-9_]/g, '');
  const name = /^[a-z]/.test(words) ? words : words === '' ? `field_${no}` : `field_${words}`;
  return name.slice(0, MAX_NAME);
}

/** Whole headers that mean a field: what it is called, each once, and a name of several words as them too. */
export function headersOf(texts: readonly (string | undefined)[]): string[] {
  const found = new Map<string, string>();
  for (const text of texts) {
    for (const header of text === undefined ? [] : [text, parted(text)]) {
      const key = headerKey(header);
      if (key !== '' && !found.has(key)) found.set(key, header);
    }
  }
  return [...found.values()];
}
