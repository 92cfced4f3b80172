import * as z from 'zod';
import { csvMembers, refuseContradictions } from '../../spreadsheets/csv-options.ts';
import * as report from '../../spreadsheets/report/wire.ts';
import { listParams } from '../list-grammar/params.ts';
import { queryInt } from '../operation/query.ts';
import { bothSpellings } from '../operation/spelling.ts';
import {
  BASE,
  define,
  download,
  instant,
  inWorkspace,
  ofRun,
  pageMeta,
  storedFile,
  WIRE_STATUSES,
} from './wire.ts';

export const RUN_OPERATIONS = ['process', 'validate', 'publish'] as const;
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;

export const RunInput = z
  .object({
    document_id: z.uuid().nullish(),
    fileVersionId: z.uuid().nullish(),
    versionNo: z.int().nullish(),
    filename: z.string().nullish(),
    content_type: z.string().nullish(),
    size_bytes: z.int().nullish(),
    download_url: z.string().nullish(),
    input_sheet_names: z.array(z.string()).nullish(),
    // Never counted here, and said as a number that may be null: generators have no type for null alone.
    input_file_count: z.int().nullish(),
    input_sheet_count: z.int().nullish(),
  })
  .meta({ id: 'RunInput' });
export type RunInput = z.infer<typeof RunInput>;

export const RunOutput = z
  .object({
    ready: z.boolean(),
    download_url: z.string(),
    filename: z.string().nullish(),
    content_type: z.string().nullish(),
    size_bytes: z.int().nullish(),
    has_output: z.boolean(),
    fileVersionId: z.uuid().nullish(),
    versionNo: z.int().nullish(),
  })
  .meta({ id: 'RunOutput' });
export type RunOutput = z.infer<typeof RunOutput>;

export const RunResource = z
  .object({
    id: z.uuid(),
    object: z.literal('ade.run'),
    workspace_id: z.uuid(),
    configuration_id: z.uuid(),
    operation: z.enum(RUN_OPERATIONS),
    status: z.enum(WIRE_STATUSES),
    evaluation_outcome: report.EvaluationOutcome.nullish().describe(
      'Whether the result of a run that succeeded is any good',
    ),
    failure_code: z.string().nullish(),
    failure_stage: z.string().nullish(),
    failure_message: z.string().nullish(),
    created_at: instant,
    started_at: instant.nullish(),
    completed_at: instant.nullish(),
    duration_seconds: z.number().nullish(),
    exit_code: z.int().nullish(),
    input: RunInput,
    output: RunOutput,
    links: z.object({
      self: z.string(),
      events_stream: z.string(),
      events_download: z.string(),
      input_download: z.string(),
      output_download: z.string(),
      output_metadata: z.string(),
    }),
  })
  .meta({ id: 'RunResource' });
export type RunResource = z.infer<typeof RunResource>;

export const RunPage = z.object({ items: z.array(RunResource), meta: pageMeta }).meta({ id: 'RunPage' });

/** Options are kept with their run, whose record must stay small; honest ones are a few hundred bytes. */
export const MAX_OPTIONS_BYTES = 16_384;

const isShort = (options: unknown): boolean => JSON.stringify(options).length <= MAX_OPTIONS_BYTES;
const TOO_LONG = { message: `options must not be longer than ${MAX_OPTIONS_BYTES} characters as JSON` };

/** How the text file of a run is written; stands above what its configuration says. */
const RunCsvOptions = bothSpellings({
  encoding: csvMembers.encoding.nullish(),
  delimiter: csvMembers.delimiter.nullish(),
  quote: csvMembers.quote.nullish(),
  escape: csvMembers.escape.nullish(),
  header_row: csvMembers.headerRow.nullish(),
}).superRefine(refuseContradictions);
export type RunCsvOptions = z.infer<typeof RunCsvOptions>;

const batchOptions = {
  operation: z.enum(RUN_OPERATIONS).default('process'),
  dry_run: z.boolean().default(false),
  log_level: z.enum(LOG_LEVELS).nullish(),
  active_sheet_only: z.boolean().default(false),
  metadata: z.record(z.string(), z.string()).nullish(),
  csv: RunCsvOptions.nullish().describe('How a text file is written; what is left out is detected'),
};

export const RunOptions = bothSpellings({
  ...batchOptions,
  input_sheet_names: z.array(z.string()).nullish().describe('Not together with `activeSheetOnly`'),
})
  .refine(isShort, TOO_LONG)
  .refine((options) => !(options.active_sheet_only && sheetNames(options.input_sheet_names) !== undefined), {
    message: 'active_sheet_only cannot be combined with input_sheet_names',
  })
  .transform((options) => ({ ...options, input_sheet_names: sheetNames(options.input_sheet_names) }));
export type RunOptions = z.infer<typeof RunOptions>;

/** Trimmed, without blanks and repetitions, in the order given; undefined when nothing is left. */
function sheetNames(names: readonly string[] | null | undefined): string[] | undefined {
  const cleaned = [...new Set((names ?? []).map((name) => name.trim()).filter((name) => name !== ''))];
  return cleaned.length === 0 ? undefined : cleaned;
}

export const RunCreate = bothSpellings({
  input_document_id: z.uuid().nullish().describe('Needed to process a document'),
  configuration_id: z.uuid().nullish(),
  options: RunOptions.prefault({}),
});
export type RunCreate = z.infer<typeof RunCreate>;

/**
 * Documents of one batch. Their runs take five calls each, twenty at a time: some 5 s, so that the 29 s of a
 * request hold while calls are repeated. The answer has up to 4.1 KB a run, of the 6 MB that an answer may have,
 * and the record of the key 38 bytes, of 400 KB.
 */
export const MAX_BATCH = 1000;

/** Other operations are refused in words of their own, since a batch is of documents. */
const ofDocuments = batchOptions.operation.meta({ enum: ['process'] });

/** Sheets are named per document, so a batch cannot name them. */
export const RunBatchCreate = bothSpellings({
  document_ids: z.array(z.uuid()).min(1).max(MAX_BATCH),
  configuration_id: z.uuid().nullish(),
  options: bothSpellings({ ...batchOptions, operation: ofDocuments })
    .refine(isShort, TOO_LONG)
    .prefault({}),
});
export type RunBatchCreate = z.infer<typeof RunBatchCreate>;

/** `expiresAt` is when the stream has to be open. */
export const RunEventsLink = z
  .object({ url: z.string().meta({ format: 'uri' }), expiresAt: z.iso.datetime() })
  .meta({ id: 'RunEventsLink' });
export type RunEventsLink = z.infer<typeof RunEventsLink>;

export const RunBatch = z.object({ runs: z.array(RunResource) }).meta({ id: 'RunBatch' });

/** As the engine counts them; callers must not rely on any one being there. */
export const RunMetrics = report.RunMetrics.partial().meta({ id: 'RunMetrics' });
export const RunField = report.RunField.meta({ id: 'RunField' });
export const RunColumn = report.RunColumn.meta({ id: 'RunColumn' });

export const listRuns = define({
  operationId: 'listRuns',
  method: 'GET',
  path: `${BASE}/runs`,
  summary: 'List the runs of a workspace, newest first',
  permission: 'workspace.runs.read',
  input: { path: inWorkspace, query: z.strictObject(listParams) },
  success: { status: 200, body: RunPage },
  uses: { runsBy: 'status' },
});

export const createRun = define({
  operationId: 'createRun',
  method: 'POST',
  path: `${BASE}/runs`,
  summary: 'Create and queue a run for one document',
  permission: 'workspace.runs.manage',
  input: { path: inWorkspace, body: RunCreate },
  headers: ['Idempotency-Key'],
  success: { status: 201, body: RunResource },
  errors: [400],
  starts: 'document',
});

export const createRunsBatch = define({
  operationId: 'createRunsBatch',
  method: 'POST',
  path: `${BASE}/runs/batch`,
  summary: 'Create and queue a run for each of many documents, or for none of them',
  permission: 'workspace.runs.manage',
  input: { path: inWorkspace, body: RunBatchCreate },
  headers: ['Idempotency-Key'],
  success: { status: 201, body: RunBatch },
  starts: 'document',
});

export const getRun = define({
  operationId: 'getRun',
  method: 'GET',
  path: `${BASE}/runs/{runId}`,
  summary: 'Get a run',
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: RunResource },
});

export const cancelRun = define({
  operationId: 'cancelRun',
  method: 'POST',
  path: `${BASE}/runs/{runId}/cancel`,
  summary: 'Cancel a queued or running run',
  permission: 'workspace.runs.manage',
  input: { path: ofRun },
  success: { status: 200, body: RunResource },
  errors: [409],
  isRepeatable: true,
  stops: 'document',
});

const linkToken = z.string().meta({ description: 'Of a link by `linkRunEvents`, in place of a key.' });

export const streamRunEvents = define({
  operationId: 'streamRunEvents',
  method: 'GET',
  path: `${BASE}/runs/{runId}/events/stream`,
  summary: "Follow a run's events as server-sent events, from any byte offset",
  permission: 'workspace.runs.read',
  input: {
    path: ofRun,
    query: z.object({ cursor: queryInt({ min: 0 }).optional(), token: linkToken.optional() }),
  },
  headers: ['Last-Event-ID'],
  acceptsLinks: true,
  success: { status: 200, body: 'events', contentType: 'text/event-stream; charset=utf-8' },
  errors: [503],
  uses: { holdsPlace: true },
});

export const linkRunEvents = define({
  operationId: 'linkRunEvents',
  method: 'POST',
  path: `${BASE}/runs/{runId}/events/link`,
  summary: "Get a link to a run's events for a browser's EventSource, good for five minutes",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 201, body: RunEventsLink },
  isRepeatable: true,
  uses: { table: 'read' },
});

export const downloadRunEvents = define({
  operationId: 'downloadRunEvents',
  method: 'GET',
  path: `${BASE}/runs/{runId}/events/download`,
  summary: "Download a run's event log",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: 'bytes', contentType: 'application/x-ndjson' },
});

export const getRunInput = define({
  operationId: 'getRunInput',
  method: 'GET',
  path: `${BASE}/runs/{runId}/input`,
  summary: "Get what a run's input was",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: RunInput },
});

export const downloadRunInput = define({
  operationId: 'downloadRunInput',
  method: 'GET',
  path: `${BASE}/runs/{runId}/input/download`,
  summary: 'Download the document version that a run used',
  permission: 'workspace.runs.read',
  input: { path: ofRun, query: download },
  headers: ['Range', 'If-Range', 'If-Match', 'If-None-Match'],
  success: storedFile,
});

export const getRunOutput = define({
  operationId: 'getRunOutput',
  method: 'GET',
  path: `${BASE}/runs/{runId}/output`,
  summary: "Get whether a run's output is ready, and what it is",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: RunOutput },
});

export const getRunFields = define({
  operationId: 'getRunFields',
  method: 'GET',
  path: `${BASE}/runs/{runId}/fields`,
  summary: 'List which fields a run detected',
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: z.array(RunField) },
});

export const getRunColumns = define({
  operationId: 'getRunColumns',
  method: 'GET',
  path: `${BASE}/runs/{runId}/columns`,
  summary: 'List the columns that a run found, and what they were mapped to',
  permission: 'workspace.runs.read',
  input: {
    path: ofRun,
    query: bothSpellings({
      sheet_name: z.string().trim().optional(),
      sheet_index: queryInt({ min: 0 }).optional(),
      table_index: queryInt({ min: 0 }).optional(),
      mapped_field: z.string().optional(),
      mapping_status: z.enum(report.MAPPING_STATUSES).optional(),
      offset: queryInt({ min: 0 })
        .optional()
        .describe(
          'Columns to leave out: a long answer comes in parts, of which the header Link names the next',
        ),
    }),
  },
  success: { status: 200, body: z.array(RunColumn) },
});
