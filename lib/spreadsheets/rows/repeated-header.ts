import { type CellValue, headerText } from '../cells.ts';
import type { Cells } from '../detect/row-scan.ts';

/** A header as it is compared with another: its case and spaces do not matter. */
export const plainHeader = (text: string): string =>
  text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/**
 * Whether a row of data is the table's header again: each of its values stands in the header at that place,
 * and at least half of the header is there. Of stacked headers, which were joined, the upper or lower one counts.
 */
export function isRepeatedHeader(
  cells: Cells,
  headers: readonly CellValue[],
  headerRowCount: number,
): boolean {
  let same = 0;
  let expected = 0;
  for (let at = 0; at < Math.max(cells.length, headers.length); at++) {
    const header = plainHeader(headerText(headers[at] ?? null) ?? '');
    if (header !== '') expected++;
    const text = plainHeader(headerText(cells[at] ?? null) ?? '');
    if (text === '') continue;
    const isPart = headerRowCount > 1 && (header.startsWith(`${text} `) || header.endsWith(` ${text}`));
    if (text !== header && !isPart) return false;
    same++;
  }
  return same > 0 && same * 2 >= expected;
}
