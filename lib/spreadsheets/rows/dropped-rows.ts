import type { Dropped } from '../report/report.ts';

/** Why a row of a table was left out of the output. */
export type DropReason =
  | 'blank'
  | 'repeatedHeader'
  | 'totals'
  | 'notes'
  | 'matches'
  | 'stopAt'
  | 'keepIf'
  | 'failRow';

/** How many of a table's dropped rows a report names; all of them are counted. */
const MAX_NAMED = 1_000;

/** The rows of a table that were left out of the output, by reason. */
export class DroppedRows {
  readonly #counts = new Map<DropReason, number>();
  readonly #rows: Dropped['rows'] = [];
  readonly #rowInSheet: (row: number) => number;

  /** `rowInSheet` takes a row as it is read to the row of the sheet, both 0-based. */
  constructor(rowInSheet: (row: number) => number) {
    this.#rowInSheet = rowInSheet;
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  countOf(reason: DropReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  drop(row: number, reason: DropReason): void {
    this.#counts.set(reason, this.countOf(reason) + 1);
    if (this.#rows.length < MAX_NAMED) this.#rows.push({ row: this.#rowInSheet(row) + 1, reason });
  }

  report(): Dropped {
    return { counts: Object.fromEntries(this.#counts), rows: this.#rows };
  }
}
