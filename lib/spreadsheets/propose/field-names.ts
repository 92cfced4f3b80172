import { headerKey } from '../words/words.ts';

/** As the configuration allows it. */
const MAX_CHARACTERS = 64;

/** Names for fields, each once: of the header's Latin words, or of what else is known where there are none. */
export class FieldNames {
  readonly #taken = new Set<string>();

  of(header: string, otherwise: string): string {
    const words = headerKey(header).match(/[a-z0-9]+/g) ?? [];
    // A header of another alphabet may have a unit in Latin letters, which is no name.
    const isLatin =
      /^[^\p{L}]*(\p{Script=Latin}|[^\p{L}])+$/u.test(header) && words.some((word) => /[a-z]/.test(word));
    const spelt = isLatin ? words.join('_') : otherwise;
    const base = (/^[a-z]/.test(spelt) ? spelt : `field_${spelt}`).slice(0, MAX_CHARACTERS - 4);
    for (let no = 1; ; no++) {
      const name = no === 1 ? base : `${base}_${no}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
