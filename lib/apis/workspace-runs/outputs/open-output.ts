import type { Run } from '../../../runs/run.ts';
import {
  csvSource,
  type FirstRowsWanted,
  type PreviewSource,
  readPreviewIndex,
  readStoredRows,
  SpreadsheetFailure,
  workbookSource,
} from '../../../spreadsheets/preview/index.ts';
import { stemOf } from '../../files/file-names.ts';
import type { FileStore } from '../../files/ports.ts';
import { readFile } from '../../files/read-file.ts';
import { invalid, notFound, Refused } from '../../operation/refusal.ts';
import type { OutputFile } from '../document-run.ts';
import type { PreviewQuery, RunOutputSheet } from './outputs-contract.ts';

/** A file is held in memory to be looked into; of a larger one of ours, only what its preview holds is shown. */
export const MAX_READ_BYTES = 67_108_864;

/** Which sheet of an output is meant: by its name, or by its place, which is 0 where nothing is said. */
export type SheetNamed = Pick<PreviewQuery, 'sheetName' | 'sheetIndex'>;

/** The two ways of naming a sheet exclude each other, whatever the run. @throws Refused 422. */
export function assertOneSheet({ sheetName, sheetIndex }: SheetNamed): void {
  if (sheetName === undefined || sheetIndex === undefined) return;
  throw invalid('sheetName and sheetIndex are mutually exclusive');
}

/** The place of a sheet among those of an output, from 0. @throws Refused 422 where there is no such sheet. */
export function placeOfSheet(
  run: Run,
  sheets: readonly { name: string }[],
  { sheetName, sheetIndex = 0 }: SheetNamed,
): number {
  const index = sheets.findIndex(({ name }, at) =>
    sheetName === undefined ? at === sheetIndex : name === sheetName,
  );
  if (index >= 0) return index;
  throw invalid(`Sheet '${sheetName ?? sheetIndex}' was not found in run ${run.id} output.`);
}

const KINDS: Record<string, RunOutputSheet['kind']> = { '.xlsx': 'worksheet', '.csv': 'file' };

export const suffixOf = (filename: string): string => filename.slice(stemOf(filename).length).toLowerCase();

/** @throws Refused 415 for other files than .xlsx and .csv; `what` is not supported for them. */
export function kindOf({ filename }: OutputFile, what: string): RunOutputSheet['kind'] {
  const suffix = suffixOf(filename);
  const kind = KINDS[suffix];
  if (kind !== undefined) return kind;
  const message = `${what} not supported for output file type '${suffix}'.`;
  throw new Refused({ category: 'unsupported_media_type', message });
}

/** Says in this API's words what is wrong with a file, or that it takes too long. */
export async function inTime<T>(
  run: Run,
  what: string,
  timeoutMs: number,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await look(signal);
  } catch (error) {
    if (error instanceof SpreadsheetFailure) {
      // It was read; what cannot be written says itself what to ask for instead.
      if (error.stage === 'write') throw invalid(error.message);
      throw invalid(`${what} failed for run ${run.id} output (${reasonOf(error)}).`);
    }
    if (signal.aborted && error === signal.reason) {
      throw invalid(`${what} timed out for run ${run.id} output after ${timeoutMs / 1000} seconds.`);
    }
    throw error;
  }
}

/** ADE names the exception of its zip reader, and its clients know that one. */
const reasonOf = ({ code }: SpreadsheetFailure): string => (code === 'too_large' ? 'TooLarge' : 'BadZipFile');

/** An output to look into: by the preview that was stored with it, or by its content. */
export async function openOutput(
  files: FileStore,
  output: OutputFile,
  signal: AbortSignal,
): Promise<PreviewSource> {
  const stored = output.preview && (await openStored(files, output, output.preview));
  return stored ?? openContent(files, output, signal);
}

/** An output as a whole. @throws Refused 404 when it is gone, SpreadsheetFailure when it is too large. */
export async function readOutput(
  files: FileStore,
  { fileKey, byteSize }: OutputFile,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (byteSize > MAX_READ_BYTES) throw new SpreadsheetFailure('too_large', 'read', 'The file is too large.');
  const bytes = await readFile(files, fileKey, signal === undefined ? {} : { signal });
  if (bytes === undefined) throw notFound('Run output is unavailable');
  return bytes;
}

async function openContent(
  files: FileStore,
  output: OutputFile,
  signal: AbortSignal,
): Promise<PreviewSource> {
  const { filename } = output;
  const bytes = await readOutput(files, output, signal);
  return suffixOf(filename) === '.csv' ? await csvSource(stemOf(filename), bytes) : workbookSource(bytes);
}

/** Undefined when the stored preview is gone. */
async function openStored(
  files: FileStore,
  output: OutputFile,
  { fileKey, indexBytes }: NonNullable<OutputFile['preview']>,
): Promise<PreviewSource | undefined> {
  const head = await readFile(files, fileKey, { range: { start: 0, end: indexBytes - 1 } });
  if (head === undefined) return undefined;
  const read = async (start: number, end: number): Promise<Uint8Array> =>
    (await readFile(files, fileKey, { range: { start, end } })) ?? new Uint8Array();
  const index = readPreviewIndex(head);
  const first = async (at: number, wanted: FirstRowsWanted) => {
    const sheet = index.sheets[at];
    if (sheet === undefined) throw new RangeError(`There is no sheet ${at}`);
    const { totalRows, totalColumns, blocks } = sheet;
    const held = blocks.reduce((sum, { rows }) => sum + rows, 0);
    if (held < Math.min(wanted.maxRows, totalRows) && output.byteSize <= MAX_READ_BYTES) {
      const source = await openContent(files, output, wanted.signal ?? never);
      return source.first(at, { ...wanted, totals: sheet });
    }
    const rows = await readStoredRows(read, indexBytes, index, at, wanted.maxRows);
    return { rows, totalRows, totalColumns };
  };
  return { sheets: index.sheets, first };
}

const never = new AbortController().signal;
