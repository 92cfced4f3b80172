import { tooLarge } from '../failure.ts';
import { looseHash, strictHash } from './cell-hash.ts';
import { MAX_COMPARED_CELLS } from './limits.ts';
import type { TextBook } from './text-book.ts';

/** A growing list of 32-bit numbers. */
class NumberList {
  #held = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#held.length) {
      const larger = new Uint32Array(this.#held.length * 2);
      larger.set(this.#held);
      this.#held = larger;
    }
    this.#held[this.#length++] = value;
  }

  numbers(): Uint32Array {
    return this.#held.subarray(0, this.#length);
  }
}

/** What is kept of a sheet to find out how it differs from another: hashes of its cells, and its first row. */
export class SheetPrint {
  readonly rows: number;
  readonly columns: number;
  readonly head: readonly string[];
  readonly #starts: Uint32Array;
  readonly #strict: Uint32Array;
  readonly #loose: Uint32Array;

  constructor(
    head: readonly string[],
    columns: number,
    cells: { starts: Uint32Array; strict: Uint32Array; loose: Uint32Array },
  ) {
    this.head = head;
    this.columns = columns;
    this.rows = cells.starts.length - 1;
    this.#starts = cells.starts;
    this.#strict = cells.strict;
    this.#loose = cells.loose;
  }

  /** 0 for a blank cell and for one that is not there. */
  strict(row: number, column: number): number {
    const at = this.#place(row, column);
    return at < 0 ? 0 : (this.#strict[at] ?? 0);
  }

  /** The same of what a person would take for the same value: see `looseHash`. */
  loose(row: number, column: number): number {
    const at = this.#place(row, column);
    return at < 0 ? 0 : (this.#loose[at] ?? 0);
  }

  #place(row: number, column: number): number {
    const start = this.#starts[row] ?? 0;
    return start + column < (this.#starts[row + 1] ?? 0) ? start + column : -1;
  }
}

export const EMPTY_PRINT = new SheetPrint([], 0, {
  starts: new Uint32Array(1),
  strict: new Uint32Array(0),
  loose: new Uint32Array(0),
});

const lengthOf = (texts: readonly string[]): number => texts.findLastIndex((text) => text !== '') + 1;

/**
 * Reads a sheet once. Rows that the file leaves out are empty ones; those behind the last value do not count.
 * Throws SpreadsheetFailure, `too_large` beyond `MAX_COMPARED_CELLS`, and the signal's reason.
 */
export async function printSheet(book: TextBook, sheet: number, signal: AbortSignal): Promise<SheetPrint> {
  const starts = new NumberList();
  const strict = new NumberList();
  const loose = new NumberList();
  let head: readonly string[] = [];
  let columns = 0;
  for await (const batch of book.rows(sheet)) {
    signal.throwIfAborted();
    for (const { index, texts } of batch) {
      const length = lengthOf(texts);
      if (length === 0) continue;
      while (starts.length <= index) starts.push(strict.length);
      if (index === 0) head = texts.slice(0, length);
      columns = Math.max(columns, length);
      for (let column = 0; column < length; column++) {
        const text = texts[column] ?? '';
        strict.push(strictHash(text));
        loose.push(looseHash(text));
      }
    }
    if (strict.length > MAX_COMPARED_CELLS) {
      throw tooLarge(
        `The sheet ${book.sheets[sheet]} has more than ${MAX_COMPARED_CELLS.toLocaleString('en-US')} cells.`,
      );
    }
  }
  starts.push(strict.length);
  return new SheetPrint(head, columns, {
    starts: starts.numbers(),
    strict: strict.numbers(),
    loose: loose.numbers(),
  });
}
