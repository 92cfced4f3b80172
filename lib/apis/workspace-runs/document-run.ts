import * as z from 'zod';
import { Instant, type Run } from '../../runs/run.ts';
import { CsvSettings } from '../../spreadsheets/csv-options.ts';
import { EvaluationOutcome } from '../../spreadsheets/report/wire.ts';
import { LOG_LEVELS, RUN_OPERATIONS } from './contract.ts';
import { FileVersion } from './file-version.ts';

/** What a document run was asked to do. Kept small: it is written with the run, and a write unit is 1 KB. */
export const DocumentRunInput = z.object({
  operation: z.enum(RUN_OPERATIONS),
  configurationId: z.uuid(),
  document: FileVersion.extend({ id: z.uuid() }).optional(),
  dryRun: z.boolean().optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
  sheetNames: z.array(z.string()).optional(),
  activeSheetOnly: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  csv: CsvSettings.optional(),
});
export type DocumentRunInput = z.infer<typeof DocumentRunInput>;

export const OutputFile = FileVersion.extend({
  /** When it was stored, if that was not when the run ended: retention counts from here. */
  createdAt: Instant.optional(),
  /** What was kept to look into it quickly; its index stands in so many bytes at the start. */
  preview: z.object({ fileKey: z.string(), indexBytes: z.int() }).optional(),
});
export type OutputFile = z.infer<typeof OutputFile>;

export const DocumentRunResult = z.object({
  output: OutputFile.optional(),
  /** Where metrics, fields and columns are kept. */
  reportKey: z.string().optional(),
  /** Whether the result is any good, as its metrics say; absent of runs that ended before it was kept here. */
  evaluation: EvaluationOutcome.optional(),
  /** Where is kept what the run went by of corrections, if there were any. */
  taughtKey: z.string().optional(),
  note: z.string().optional(),
  /** In how many chunks the attempt that ended the run wrote its log, the closing line included. */
  logChunks: z.int().optional(),
});
export type DocumentRunResult = z.infer<typeof DocumentRunResult>;

export const documentRunInput = (run: Run): DocumentRunInput => DocumentRunInput.parse(run.input);

export const documentRunResult = (run: Run): DocumentRunResult =>
  DocumentRunResult.parse('result' in run ? (run.result ?? {}) : {});

/** What a run's object keys in the file store begin with. */
export const runFiles = (run: Run): string => `${run.workspaceId}/runs/${run.id}`;
