import { headerKey } from '../words/words.ts';
import { glossed } from './glossary.ts';
import { transliterate } from './transliterate.ts';

/** As the configuration allows it. */
const MAX_CHARACTERS = 64;

/** A header whose words nobody can spell here may have a unit in Latin letters, which is no name. */
const isUnitAlone = (header: string): boolean => {
  const spelt = transliterate(headerKey(glossed(header)));
  return /[^\x00-\x7f]/.test(spelt) && !/[a-z]{3}/.test(spelt);
};

/** Names for fields, each once: the header in Latin letters, or what else is known where it cannot be spelt. */
export class FieldNames {
  readonly #taken = new Set<string>();

  of(header: string, otherwise: string): string {
    const words = transliterate(headerKey(glossed(header))).match(/[a-z0-9]+/g) ?? [];
    const isNamed = words.some((word) => /[a-z]/.test(word)) && !isUnitAlone(header);
    const spelt = isNamed ? words.join('_') : otherwise;
    const base = (/^[a-z]/.test(spelt) ? spelt : `field_${spelt}`).slice(0, MAX_CHARACTERS - 4);
    for (let no = 1; ; no++) {
      const name = no === 1 ? base : `${base}_${no}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
