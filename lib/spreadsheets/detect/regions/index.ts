import type { Cells } from '../row-scan.ts';
import { blocksOf } from './blocks.ts';
import { Grid } from './grid.ts';
import type { Region } from './region.ts';
import { tablesOf } from './tables.ts';

export type { Region } from './region.ts';

export interface RegionHints {
  /** The row of the heading, from 1, where somebody told it; what stands above is no table's. */
  readonly headerRow?: number | undefined;
}

/**
 * Finds the tables of a sheet wherever they are: side by side, below one another, with titles, notes and blank
 * rows around them, in any language. It goes by what cells look like and where they stand, never by words. It
 * keeps a byte of each cell.
 */
export class RegionFinder {
  readonly #grid = new Grid();
  readonly #hints: RegionHints;

  constructor(hints: RegionHints = {}) {
    this.#hints = hints;
  }

  /**
   * Takes the next row of the sheet, from the first one on; a blank row has no cells. `length` is how many cells
   * the row of a text file has, empty ones at its end included.
   */
  accept(cells: Cells, length = cells.length): void {
    this.#grid.add(cells, length);
  }

  /** The tables, from top to bottom and left to right. */
  finish(): Region[] {
    const { headerRow } = this.#hints;
    const blocks = blocksOf(this.#grid, headerRow === undefined ? 0 : headerRow - 1);
    return tablesOf(this.#grid, blocks, headerRow);
  }
}
