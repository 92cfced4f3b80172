import type { Cells } from './row-scan.ts';

/** Gives ranges of a sheet's rows: from memory in any order, or from a second reading in ascending order. */
export class RowSource {
  readonly #kept: readonly Cells[] | undefined;
  readonly #batches: AsyncIterator<Cells[]>;
  #batch: Cells[] = [];
  #batchStart = 0;

  constructor(kept: readonly Cells[] | undefined, read: () => AsyncIterable<Cells[]>) {
    this.#kept = kept;
    this.#batches = kept === undefined ? read()[Symbol.asyncIterator]() : emptyIterator();
  }

  /** Rows `from` up to, but without, `to`. */
  async *range(from: number, to: number): AsyncGenerator<readonly Cells[]> {
    if (this.#kept !== undefined) {
      yield this.#kept.slice(from, to);
      return;
    }
    for (let at = from; at < to; ) {
      const inBatch = at - this.#batchStart;
      if (inBatch < this.#batch.length) {
        const rows = this.#batch.slice(inBatch, to - this.#batchStart);
        yield rows;
        at += rows.length;
        continue;
      }
      const next = await this.#batches.next();
      if (next.done) return;
      this.#batchStart += this.#batch.length;
      this.#batch = next.value;
    }
  }

  /** Lets go of the file; must be called when no more ranges are wanted. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

async function* emptyIterator(): AsyncGenerator<Cells[]> {}
