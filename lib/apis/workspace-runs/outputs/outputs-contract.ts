import * as z from 'zod';
import { queryBoolean, queryInt } from '../../operation/query.ts';
import { RunOutput } from '../contract.ts';
import { BASE, define, filePart, ofRun } from '../wire.ts';

export const RunOutputSheet = z
  .object({
    name: z.string(),
    index: z.int(),
    kind: z.enum(['worksheet', 'file']),
    is_active: z.boolean(),
  })
  .meta({ id: 'RunOutputSheet' });
export type RunOutputSheet = z.infer<typeof RunOutputSheet>;

export const WorkbookSheetPreview = z
  .object({
    name: z.string(),
    index: z.int(),
    rows: z.array(z.array(z.string())),
    totalRows: z.int(),
    totalColumns: z.int(),
    truncatedRows: z.boolean(),
    truncatedColumns: z.boolean(),
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

/** These parameters are camelCase on the wire, unlike those of columns; snake_case is accepted too. */
const NAMES = new Map(
  Object.keys(previewQuery).map((name) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    name,
  ]),
);

/** Other parameters are ignored here, as everywhere but in lists. */
function unify(query: unknown, context: z.RefinementCtx): unknown {
  const unified = new Map<string, unknown>();
  for (const [sent, value] of Object.entries(query ?? {})) {
    const name = NAMES.get(sent) ?? sent;
    if (unified.has(name) && unified.get(name) !== value) {
      context.addIssue({
        code: 'custom',
        path: [sent],
        message: `'${sent}' and '${name}' are the same parameter and have different values`,
      });
    }
    unified.set(name, value);
  }
  return Object.fromEntries(unified);
}

export const PreviewQuery = z.preprocess(unify, z.object(previewQuery));
export type PreviewQuery = z.infer<typeof PreviewQuery>;

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
