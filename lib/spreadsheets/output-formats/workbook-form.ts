import { safeSheetNames, WorkbookWriter } from '../write/workbook-writer.ts';
import type { Output } from './byte-sink.ts';
import type { SheetSource } from './sheet-source.ts';
import { everyRow, type SheetSurvey } from './sheet-survey.ts';

/** The one sheet of a text file as a workbook; its texts stay texts. */
export async function writeWorkbook(source: SheetSource, survey: SheetSurvey, output: Output): Promise<void> {
  const writer = await WorkbookWriter.start(safeSheetNames([source.sheet.name]), output);
  const { rows, width } = survey;
  const sheet = await writer.sheet({ rows, columns: width });
  for await (const batch of everyRow(source, survey, 0)) {
    for (const cells of batch) {
      sheet.startRow();
      cells.forEach((value, column) => {
        sheet.cell(column, typeof value === 'object' && value?.kind === 'shown' ? value.text : value);
      });
      await sheet.endRow();
    }
  }
  await sheet.end();
  await writer.finish();
}
