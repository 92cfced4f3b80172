import { headerText } from '../cells.ts';
import { SpreadsheetFailure } from '../failure.ts';
import { openWorkbook } from '../read/open-workbook.ts';
import { ListEntries, type ListEntry, ListProblem } from './list-entries.ts';

const BATCH_ROWS = 1000;
const DELIMITERS = [',', ';', '\t'] as const;
/** Which sign parts the cells shows soon. */
const LOOKED_AT = 65_536;

/** What stands oftenest outside of quotes; a comma where nothing does. The three are one byte in most encodings. */
function delimiterOf(bytes: Uint8Array): string {
  const counts = new Map<number, number>();
  let isQuoted = false;
  for (const byte of bytes.subarray(0, LOOKED_AT)) {
    if (byte === 0x22) isQuoted = !isQuoted;
    else if (!isQuoted) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  const countOf = (sign: string): number => counts.get(sign.charCodeAt(0)) ?? 0;
  return DELIMITERS.reduce((best, sign) => (countOf(sign) > countOf(best) ? sign : best));
}

/**
 * The values of a text file without header: in each row a value and its synonyms.
 * @throws ListProblem that says what is wrong, and in which row.
 */
export async function readList(bytes: Uint8Array): Promise<ListEntry[]> {
  const entries = new ListEntries();
  if (bytes.length === 0) return entries.all();
  try {
    const reader = await openWorkbook('list.csv', bytes, {
      csv: { delimiter: delimiterOf(bytes), quote: '"', escape: '"' },
    });
    const [sheet] = reader.sheets;
    if (sheet === undefined) return entries.all();
    for await (const { rows } of reader.rows(sheet, BATCH_ROWS)) {
      for (const { index, cells } of rows)
        entries.add(
          cells.map((cell) => headerText(cell) ?? ''),
          index + 1,
        );
    }
  } catch (error) {
    if (!(error instanceof SpreadsheetFailure)) throw error;
    throw new ListProblem(error.message, { cause: error });
  }
  return entries.all();
}
