import { tooLarge } from '../failure.ts';
import { MAX_CELL_CHARACTERS, MAX_ROWS } from '../limits.ts';
import { type FirstRows, type FirstRowsWanted, type PreviewSource, RowWindow } from './preview-source.ts';

// Enough records to make the pause cheap, few enough that a timeout is noticed at once.
const RECORDS_BETWEEN_PAUSES = 1000;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A text file to preview, as one sheet of this name, read as a run would read it. What its encoding cannot read
 * is shown as replacement characters: somebody who looks at a file sees best what is wrong with it.
 */
export async function csvSource(name: string, bytes: Uint8Array): Promise<PreviewSource> {
  const { csvRecords, planCsv } = await import('../read/csv/csv-reader.ts');
  const plan = await planCsv(bytes);

  async function first(_sheet: number, wanted: FirstRowsWanted): Promise<FirstRows> {
    const { maxRows, maxColumns, signal } = wanted;
    const window = new RowWindow(maxRows);
    let totalRows = 0;
    let totalColumns = 0;
    let index = 0;
    for (const record of csvRecords(bytes, plan)) {
      // A line without any field is a gap, so that blank lines at the end of the file are no rows.
      if (record.length > 0) {
        totalRows = index + 1;
        totalColumns = Math.max(totalColumns, record.length);
        if (!window.full) {
          window.add(
            index,
            record.slice(0, maxColumns).map((field) => field.slice(0, MAX_CELL_CHARACTERS)),
          );
        }
      }
      index++;
      if (index > MAX_ROWS) throw tooLarge(`The CSV file has more than ${MAX_ROWS} rows.`);
      if (index % RECORDS_BETWEEN_PAUSES === 0) {
        await pause();
        signal?.throwIfAborted();
      }
    }
    return { rows: window.rows.slice(0, totalRows), totalRows, totalColumns };
  }

  return { sheets: [{ name, isActive: true }], first };
}
