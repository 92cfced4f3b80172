import { type Output, TextSink } from './byte-sink.ts';
import { columnNames, jsonText } from './cell-forms.ts';
import type { SheetSource } from './sheet-source.ts';
import { everyRow, type SheetSurvey } from './sheet-survey.ts';

/** A sheet as JSON lines: one object a row below the header, each with every column in the sheet's order. */
export async function writeJsonLines(
  source: SheetSource,
  survey: SheetSurvey,
  output: Output,
): Promise<void> {
  const { header, headerRow, width, kinds } = survey;
  const keys = columnNames(header, width).map(
    (name, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
  );
  const sink = new TextSink(output);
  for await (const rows of everyRow(source, survey, headerRow + 1)) {
    for (const cells of rows) {
      let text = '';
      for (let column = 0; column < width; column++) {
        text += keys[column] + jsonText(cells[column], kinds[column] ?? 0);
      }
      sink.write(`${text}}\n`);
    }
  }
  sink.end();
}
