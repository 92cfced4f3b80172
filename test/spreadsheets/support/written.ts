import type { PlainValue } from '../../../lib/spreadsheets/cells.ts';
import { WorkbookWriter } from '../../../lib/spreadsheets/write/workbook-writer.ts';

export type Rows = readonly (readonly PlainValue[])[];

/** A workbook as a run writes it, of sheets by name. `sized` ones tell how large they are before their rows. */
export async function written(
  sheets: Readonly<Record<string, Rows>>,
  { sized = false } = {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const writer = await WorkbookWriter.start(Object.keys(sheets), (chunk) => void chunks.push(chunk));
  for (const rows of Object.values(sheets)) {
    const columns = Math.max(0, ...rows.map((row) => row.length));
    const sheet = await writer.sheet(sized ? { rows: rows.length, columns } : null);
    for (const row of rows) {
      sheet.startRow();
      row.forEach((value, column) => {
        sheet.cell(column, value);
      });
      await sheet.endRow();
    }
    await sheet.end();
  }
  await writer.finish();
  return Buffer.concat(chunks);
}
