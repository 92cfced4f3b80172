import type { Run } from '../../../runs/run.ts';
import {
  csvSource,
  type FirstRowsWanted,
  type PreviewSource,
  readPreviewIndex,
  readStoredRows,
  SpreadsheetFailure,
  sheetPreview,
  workbookSource,
} from '../../../spreadsheets/preview/index.ts';
import { stemOf } from '../../files/file-names.ts';
import type { FileStore } from '../../files/ports.ts';
import { readFile } from '../../files/read-file.ts';
import { invalid, notFound, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import type { OutputFile } from '../document-run.ts';
import type { PreviewQuery, RunOutputSheet, WorkbookSheetPreview } from './outputs-contract.ts';
import { outputOf } from './run-files.ts';

type Files = Pick<Platform, 'files' | 'now'>;

/** How long looking into an output may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** A file is held in memory to be looked into; of a larger one of ours, only what its preview holds is shown. */
const MAX_READ_BYTES = 67_108_864;

/** @throws Refused 404 or 409 as a download does, 415 for other files than .xlsx and .csv, 422. */
export function listOutputSheets(
  platform: Files,
  run: Run,
  timeoutMs = TIMEOUT_MS,
): Promise<RunOutputSheet[]> {
  const output = outputOf(run, platform.now());
  const kind = kindOf(output, 'Sheets are');
  return inTime(run, 'Worksheet inspection', timeoutMs, async (signal) => {
    const { sheets } = await openOutput(platform.files, output, signal);
    return sheets.map(({ name, isActive }, index) => ({ name, index, kind, is_active: isActive }));
  });
}

/** @throws Refused as `listOutputSheets` does, and 422 for a sheet that is not there. */
export async function previewOutput(
  platform: Files,
  run: Run,
  query: PreviewQuery,
  timeoutMs = TIMEOUT_MS,
): Promise<WorkbookSheetPreview> {
  const output = outputOf(run, platform.now());
  kindOf(output, 'Preview is');
  return inTime(run, 'Preview generation', timeoutMs, async (signal) => {
    const source = await openOutput(platform.files, output, signal);
    const index = source.sheets.findIndex(({ name }, at) =>
      query.sheetName === undefined ? at === (query.sheetIndex ?? 0) : name === query.sheetName,
    );
    const sheet = source.sheets[index];
    if (sheet === undefined) {
      const asked = query.sheetName ?? query.sheetIndex ?? 0;
      throw invalid(`Sheet '${asked}' was not found in run ${run.id} output.`);
    }
    const { maxRows, maxColumns } = query;
    const shown = sheetPreview(await source.first(index, { maxRows, maxColumns, signal }), query);
    return { name: sheet.name, index, ...shown };
  });
}

/** The two ways of naming a sheet exclude each other, whatever the run. @throws Refused 422. */
export function assertOneSheet(query: Pick<PreviewQuery, 'sheetName' | 'sheetIndex'>): void {
  if (query.sheetName === undefined || query.sheetIndex === undefined) return;
  throw invalid('sheetName and sheetIndex are mutually exclusive');
}

const KINDS: Record<string, RunOutputSheet['kind']> = { '.xlsx': 'worksheet', '.csv': 'file' };

const suffixOf = (filename: string): string => filename.slice(stemOf(filename).length).toLowerCase();

function kindOf({ filename }: OutputFile, what: string): RunOutputSheet['kind'] {
  const suffix = suffixOf(filename);
  const kind = KINDS[suffix];
  if (kind !== undefined) return kind;
  const message = `${what} not supported for output file type '${suffix}'.`;
  throw new Refused({ category: 'unsupported_media_type', message });
}

/** Says in this API's words what is wrong with a file, or that it takes too long. */
async function inTime<T>(
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
async function openOutput(files: FileStore, output: OutputFile, signal: AbortSignal): Promise<PreviewSource> {
  const stored = output.preview && (await openStored(files, output, output.preview));
  return stored ?? openContent(files, output, signal);
}

async function openContent(
  files: FileStore,
  { fileKey, filename, byteSize }: OutputFile,
  signal: AbortSignal,
): Promise<PreviewSource> {
  if (byteSize > MAX_READ_BYTES) throw new SpreadsheetFailure('too_large', 'read', 'The file is too large.');
  const bytes = await readFile(files, fileKey, { signal });
  if (bytes === undefined) throw notFound('Run output is unavailable');
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
