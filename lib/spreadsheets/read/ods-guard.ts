import { tooLarge } from '../failure.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../limits.ts';

// SheetJS keeps every repeated cell as an object of its own, about 100 bytes each.
const MAX_REPEATED_CELLS = 2_000_000;

const TAGS = /<(\/)?(?:[\w.-]+:)?(table|table-row|table-cell|covered-table-cell)(\s[^<>]*)?>/g;
const ROWS = /number-rows-repeated\s*=\s*["'](\d+)["']/;
const COLUMNS = /number-columns-repeated\s*=\s*["'](\d+)["']/;

/**
 * Refuses an OpenDocument sheet whose repeated rows and columns would expand beyond measure: the format lets
 * one cell stand for a whole sheet. Takes the text of `content.xml`; throws `too_large`.
 */
export function refuseRepetition(xml: string): void {
  let rows = 1;
  let row = 0;
  let column = 0;
  let cells = 0;
  for (const [, closes, name, attributes = ''] of xml.matchAll(TAGS)) {
    if (name === 'table') {
      row = 0;
    } else if (name === 'table-row') {
      if (closes) row += rows;
      else rows = Number(ROWS.exec(attributes)?.[1] ?? 1);
      if (!closes) column = 0;
    } else if (!closes) {
      const columns = Number(COLUMNS.exec(attributes)?.[1] ?? 1);
      column += columns;
      // Only a cell with content is kept; an empty one merely moves on.
      if (attributes.endsWith('/')) continue;
      cells += rows * columns;
      if (cells > MAX_REPEATED_CELLS || column > MAX_COLUMNS || row + rows > MAX_ROWS) {
        throw tooLarge('A sheet of the workbook repeats more cells than are read.');
      }
    }
  }
}
