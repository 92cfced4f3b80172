import { type CellValue, headerText } from '../cells.ts';
import type { Cells } from '../detect/row-scan.ts';

/** Headers that begin with so many of the same characters are the same. */
const MAX_CHARACTERS = 1_000;

/** A header as it is compared with another: its case and spaces do not matter. */
export const plainHeader = (text: string): string =>
  text.slice(0, MAX_CHARACTERS).normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** A header is compared with many rows. */
const plainHeaders = new WeakMap<readonly CellValue[], readonly string[]>();

function plainOf(headers: readonly CellValue[]): readonly string[] {
  const known = plainHeaders.get(headers) ?? headers.map((header) => plainHeader(headerText(header) ?? ''));
  plainHeaders.set(headers, known);
  return known;
}

/** Whether a text is so much longer than a header that spaces do not make the difference. */
const isOther = (text: string, header: string): boolean => text.length > 10 * header.length + 100;

/**
 * Whether a row of data is the table's header again: each of its values stands in the header at that place,
 * and at least half of the header is there. Of stacked headers, which were joined, the upper or lower one counts.
 */
export function isRepeatedHeader(
  cells: Cells,
  headers: readonly CellValue[],
  headerRowCount: number,
): boolean {
  const plain = plainOf(headers);
  let same = 0;
  for (const [at, cell] of cells.entries()) {
    const whole = headerText(cell ?? null);
    if (whole === null) continue;
    const header = plain[at] ?? '';
    if (header === '' || isOther(whole, header)) return false;
    const text = plainHeader(whole);
    const isPart = headerRowCount > 1 && (header.startsWith(`${text} `) || header.endsWith(` ${text}`));
    if (text !== header && !isPart) return false;
    same++;
  }
  return same > 0 && same * 2 >= plain.filter((header) => header !== '').length;
}
