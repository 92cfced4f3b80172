import * as z from 'zod';
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS } from '../../../spreadsheets/limits.ts';
import { OUTPUT_FORMATS } from '../../../spreadsheets/output-formats/formats.ts';
import { eitherName, queryBoolean, queryInt } from '../../operation/query.ts';
import { bothSpellings } from '../../operation/spelling.ts';
import { RunOutput } from '../contract.ts';
import { BASE, define, filePart, ofRun, storedFile } from '../wire.ts';

export const RunOutputSheet = z
  .object({
    name: z.string(),
    index: z.int(),
    kind: z.enum(['worksheet', 'file']),
    is_active: z.boolean(),
  })
  .meta({ id: 'RunOutputSheet' });
export type RunOutputSheet = z.infer<typeof RunOutputSheet>;

const CellFormat = z
  .object({
    row: z.int(),
    column: z.int(),
    bgColor: z.string().nullable(),
    textColor: z.string().nullable(),
    bold: z.boolean(),
    italic: z.boolean(),
    horizontalAlign: z.string().nullable(),
    wrapText: z.boolean(),
  })
  .meta({
    id: 'CellFormat',
    description: 'Of a cell that looks otherwise than most: place in `rows` from 0, colours as #RRGGBB',
  });

export const WorkbookSheetPreview = z
  .object({
    name: z.string(),
    index: z.int(),
    rows: z.array(z.array(z.string())),
    totalRows: z.int(),
    totalColumns: z.int(),
    truncatedRows: z.boolean(),
    truncatedColumns: z.boolean(),
    hiddenRows: z.array(z.int()).describe('Places in `rows`, from 0'),
    hiddenColumns: z.array(z.int()),
    cellFormats: z.array(CellFormat),
  })
  .meta({ id: 'WorkbookSheetPreview' });
export type WorkbookSheetPreview = z.infer<typeof WorkbookSheetPreview>;

/** Rows and columns that one preview may ask for; so many are shown when it asks for none. */
const MOST = 10_000;

const previewQuery = {
  maxRows: queryInt({ min: 1, max: MOST }).prefault(String(MOST)),
  maxColumns: queryInt({ min: 1, max: MOST }).prefault(String(MOST)),
  trimEmptyRows: queryBoolean().prefault('false'),
  trimEmptyColumns: queryBoolean().prefault('false'),
  sheetName: z.string().optional().describe('Not together with `sheetIndex`'),
  sheetIndex: queryInt({ min: 0 }).optional().describe('Not together with `sheetName`'),
};

export const PreviewQuery = eitherName(previewQuery);
export type PreviewQuery = z.infer<typeof PreviewQuery>;

const downloadQuery = {
  redirect: queryBoolean().optional(),
  format: z
    .enum(OUTPUT_FORMATS)
    .optional()
    .describe(
      'Without it the output comes as it is. csv, jsonl and parquet have one sheet, the first unless it is named',
    ),
  sheetName: previewQuery.sheetName,
  sheetIndex: previewQuery.sheetIndex,
};
export const DownloadQuery = eitherName(downloadQuery);
export type DownloadQuery = z.infer<typeof DownloadQuery>;

const OutputForm = z.object({
  file: filePart.optional(),
  upload_id: z.uuid().optional().describe('In place of `file`: an upload that was posted to its form'),
});

export const uploadRunOutput = define({
  operationId: 'uploadRunOutput',
  method: 'POST',
  path: `${BASE}/runs/{runId}/output`,
  summary: 'Upload an output by hand, as the next version; a part `upload_id` names a larger file',
  permission: 'workspace.runs.manage',
  headers: ['Idempotency-Key'],
  input: { path: ofRun },
  form: OutputForm,
  success: { status: 201, body: RunOutput },
});

/** In characters of JSON. A function is handed 6 MB, in which every quote takes two; whoever has more uploads a file. */
const MAX_EDIT_LENGTH = 4_000_000;

export const OutputEdit = bothSpellings({
  sheet_name: z.string().nullish().describe('Not together with `sheetIndex`'),
  sheet_index: z.int().min(0).nullish().describe('Not together with `sheetName`; 0 where neither is there'),
  rows: z
    .array(z.array(z.string().max(MAX_CELL_CHARACTERS)).max(MAX_COLUMNS))
    .max(MAX_ROWS)
    .describe('The whole sheet from its first row on, as a preview shows it'),
});
export type OutputEdit = z.infer<typeof OutputEdit>;

export const editRunOutput = define({
  operationId: 'editRunOutput',
  method: 'POST',
  path: `${BASE}/runs/{runId}/output/edit`,
  summary: "Put other rows in a sheet of a run's output, as its next version",
  permission: 'workspace.runs.manage',
  headers: ['Idempotency-Key'],
  input: { path: ofRun, body: OutputEdit },
  success: { status: 201, body: RunOutput },
  maxJsonLength: MAX_EDIT_LENGTH,
});

export const downloadRunOutput = define({
  operationId: 'downloadRunOutput',
  method: 'GET',
  path: `${BASE}/runs/{runId}/output/download`,
  summary: "Download a run's output, as it is or a sheet of it as CSV, JSON lines or Parquet",
  permission: 'workspace.runs.read',
  input: { path: ofRun, query: DownloadQuery },
  headers: ['Range', 'If-Range', 'If-Match', 'If-None-Match'],
  success: storedFile,
  errors: [409, 415],
  computes: true,
  // What it converted is kept for the next one who asks.
  uses: { files: ['read', 'upload'] },
});

export const previewRunOutput = define({
  operationId: 'previewRunOutput',
  method: 'GET',
  path: `${BASE}/runs/{runId}/output/preview`,
  summary: "Look at the first rows of a sheet of a run's output",
  permission: 'workspace.runs.read',
  input: { path: ofRun, query: PreviewQuery },
  success: { status: 200, body: WorkbookSheetPreview },
  errors: [409, 415],
});

export const listRunOutputSheets = define({
  operationId: 'listRunOutputSheets',
  method: 'GET',
  path: `${BASE}/runs/{runId}/output/sheets`,
  summary: "List the sheets of a run's output",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: z.array(RunOutputSheet) },
  errors: [409, 415],
});
