import type { CellValue } from '../cells.ts';
import { type Output, TextSink } from './byte-sink.ts';
import { plainText } from './cell-forms.ts';
import type { SheetSource } from './sheet-source.ts';
import { everyRow, type SheetSurvey } from './sheet-survey.ts';

const NEEDS_QUOTES = /[",\r\n]/;

function field(value: CellValue | undefined, kinds: number | undefined): string {
  if (value === null || value === undefined) return '';
  const text = plainText(value, kinds ?? 0);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(cells: readonly CellValue[], { width, kinds }: SheetSurvey): string {
  let text = field(cells[0], kinds[0]);
  // A blank line is no record of one empty field for every reader.
  if (width === 1) return `${text === '' ? '""' : text}\r\n`;
  for (let column = 1; column < width; column++) text += `,${field(cells[column], kinds[column])}`;
  return `${text}\r\n`;
}

/**
 * A sheet as CSV by RFC 4180, in UTF-8 without a mark: every row has as many fields as the widest. Texts are
 * written as they are, those that a spreadsheet program would take for a formula too: what reads this is a
 * program, and a changed value would be a wrong one.
 */
export async function writeCsv(source: SheetSource, survey: SheetSurvey, output: Output): Promise<void> {
  const sink = new TextSink(output);
  for await (const rows of everyRow(source, survey, 0)) {
    for (const cells of rows) sink.write(line(cells, survey));
  }
  sink.end();
}
