import type { TableFacts } from './table-facts.ts';

/** A header of so many characters is a sentence. */
const SENTENCE = 40;
/** More rows than anybody writes notes. */
const MANY_ROWS = 50;

/** Whether a sheet holds notes rather than data: one column of texts, whose heading is one too. */
export function isSheetOfText(tables: readonly TableFacts[]): boolean {
  return tables.every(({ columns, headers, rows }) => {
    const filled = columns.filter(({ filled: count }) => count > 0).length;
    if (filled === 0) return true;
    if (filled > 1 || rows > MANY_ROWS) return false;
    const [header = null] = headers.filter((text) => text !== null);
    const [column] = columns.filter(({ filled: count }) => count > 0);
    const isProse = column !== undefined && column.numbers + column.dates + column.booleans === 0;
    return (
      isProse && (header === null || rows < 3 || header.length >= SENTENCE || /[.!?。！？]$/u.test(header))
    );
  });
}
