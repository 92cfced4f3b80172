import * as z from 'zod';
import { MAX_LIST_VALUES, MAX_SYNONYMS, MAX_VALUE_CHARACTERS } from './list-limits.ts';

/** A value, and what else it is called. */
export const ListEntry = z.array(z.string()).min(1);
export type ListEntry = z.infer<typeof ListEntry>;

/** Why a list cannot be taken: a sentence that says where. */
export class ListProblem extends Error {
  override readonly name = 'ListProblem';
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

/**
 * Gathers a list row by row: a value, then its synonyms. A value that is there twice has the synonyms of both rows.
 * @throws ListProblem for a row that cannot be understood, and beyond the limits.
 */
export class ListEntries {
  readonly #entries = new Map<string, Set<string>>();
  /** By each text the value that it stands for, and in which row that was said. */
  readonly #owners = new Map<string, { value: string; row: number }>();

  /** Blank rows say nothing. `row` counts from 1. */
  add(texts: readonly string[], row: number): void {
    const [value = '', ...others] = texts.map((text) => text.trim());
    const synonyms = others.filter((text) => text !== '');
    if (value === '' && synonyms.length === 0) return;
    if (value === '') throw new ListProblem(`Row ${row} has synonyms and no value: the value stands first.`);
    for (const text of [value, ...synonyms]) this.#own(text, value, row);
    const known = this.#entries.get(value) ?? new Set();
    for (const synonym of synonyms) if (synonym !== value) known.add(synonym);
    if (known.size > MAX_SYNONYMS) {
      throw new ListProblem(`Row ${row}: ${quoted(value)} has more than ${MAX_SYNONYMS} synonyms.`);
    }
    this.#entries.set(value, known);
    if (this.#entries.size > MAX_LIST_VALUES) {
      throw new ListProblem(`A list has at most ${MAX_LIST_VALUES.toLocaleString('en-US')} values.`);
    }
  }

  #own(text: string, value: string, row: number): void {
    if (text.length > MAX_VALUE_CHARACTERS) {
      throw new ListProblem(
        `Row ${row}: ${quoted(text)} … has more than ${MAX_VALUE_CHARACTERS} characters.`,
      );
    }
    const owner = this.#owners.get(text) ?? { value, row };
    if (owner.value !== value) {
      throw new ListProblem(
        `Row ${row}: ${quoted(text)} stands for ${quoted(owner.value)} already (row ${owner.row}): it can stand for one value only.`,
      );
    }
    this.#owners.set(text, owner);
  }

  /** @throws ListProblem for a list without values. */
  all(): ListEntry[] {
    if (this.#entries.size === 0) {
      throw new ListProblem('The file has no values: write one in each row, its synonyms behind it.');
    }
    return [...this.#entries].map(([value, synonyms]) => [value, ...synonyms]);
  }
}
