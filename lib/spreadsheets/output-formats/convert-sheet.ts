import { bounded, type Output } from './byte-sink.ts';
import { writeCsv } from './csv-form.ts';
import type { OutputFormat } from './formats.ts';
import { writeJsonLines } from './json-lines-form.ts';
import { openSheet, type SheetSource } from './sheet-source.ts';
import { type SheetSurvey, surveySheet } from './sheet-survey.ts';
import { writeWorkbook } from './workbook-form.ts';

export interface Conversion {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** The place of the sheet among those of the file, from 0. */
  readonly sheet: number;
  readonly format: OutputFormat;
  readonly signal?: AbortSignal | undefined;
}

/** The most bytes that a converted sheet has: a gateway passes on 200 MB of an answer, a presigned address more. */
export const MAX_CONVERTED_BYTES = 256 * 2 ** 20;

type Write = (source: SheetSource, survey: SheetSurvey, output: Output) => Promise<void>;

const WRITERS: Record<OutputFormat, () => Promise<Write>> = {
  xlsx: async () => writeWorkbook,
  csv: async () => writeCsv,
  jsonl: async () => writeJsonLines,
  // Its package is loaded for those who want it.
  parquet: async () => (await import('./parquet-form.ts')).writeParquet,
};

/**
 * Writes one sheet of a file in another form, front to back: the sheet is read twice, and of it no more is held
 * than one batch of rows. Throws SpreadsheetFailure, and the signal's reason when aborted.
 */
export async function convertSheet(conversion: Conversion, output: Output): Promise<void> {
  const { filename, bytes, sheet, format, signal } = conversion;
  const source = await openSheet(filename, bytes, sheet, signal);
  const survey = await surveySheet(source);
  const write = await WRITERS[format]();
  await write(source, survey, bounded(output, MAX_CONVERTED_BYTES));
}
