import type { Run, RunStatus } from '../../runs/run.ts';
import { bytesOf } from '../operation/answer-size.ts';
import { MAX_PAGE_BYTES } from '../records/page.ts';
import type { RunInput, RunOutput, RunResource } from './contract.ts';
import { documentRunInput, documentRunResult } from './document-run.ts';
import type { DocumentRecord } from './documents/document-record.ts';
import type { Document, DocumentRow } from './documents/documents-contract.ts';
import { fileTypeOf } from './documents/file-types.ts';
import { exitCode } from './events/log-words.ts';
import { keptOutput } from './kept-output.ts';
import type { WIRE_STATUSES } from './wire.ts';

/** The core's statuses in this API's words. It has none for running out of time; the exit code (124) says it. */
export const WIRE_STATUS: Record<RunStatus, (typeof WIRE_STATUSES)[number]> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  timed_out: 'failed',
};

export const runPath = (run: Pick<Run, 'workspaceId' | 'id'>): string =>
  `/api/v1/workspaces/${run.workspaceId}/runs/${run.id}`;

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** A run with explicit nulls, as create, get, cancel and batch answer it. */
export function toRunResource(run: Run, now: Date, { documentDeleted = false } = {}): RunResource {
  const { operation, configurationId } = documentRunInput(run);
  const completedAt = 'completedAt' in run ? run.completedAt : undefined;
  const failure = 'failure' in run ? run.failure : undefined;
  const path = runPath(run);
  return {
    id: run.id,
    object: 'ade.run',
    workspace_id: run.workspaceId,
    configuration_id: configurationId,
    operation,
    status: WIRE_STATUS[run.status],
    evaluation_outcome: orNull(documentRunResult(run).evaluation),
    failure_code: run.status === 'cancelled' ? null : orNull(failure?.code),
    failure_stage: orNull(failure?.stage ?? undefined),
    failure_message: orNull(failure?.message ?? documentRunResult(run).note),
    created_at: run.createdAt,
    started_at: orNull(run.startedAt),
    completed_at: orNull(completedAt),
    duration_seconds:
      run.startedAt === undefined || completedAt === undefined
        ? null
        : (Date.parse(completedAt) - Date.parse(run.startedAt)) / 1000,
    exit_code: exitCode(run),
    input: toRunInput(run, { documentDeleted }),
    output: toRunOutput(run, now),
    links: {
      self: path,
      events_stream: `${path}/events/stream`,
      events_download: `${path}/events/download`,
      input_download: `${path}/input/download`,
      output_download: `${path}/output/download`,
      output_metadata: `${path}/output`,
    },
  };
}

export function toRunInput(run: Run, { documentDeleted = false } = {}): RunInput {
  const { document, sheetNames } = documentRunInput(run);
  const shown = documentDeleted ? undefined : document;
  return {
    document_id: orNull(shown?.id),
    fileVersionId: orNull(document?.versionId),
    versionNo: orNull(shown?.no),
    filename: orNull(shown?.filename),
    content_type: orNull(shown?.contentType),
    size_bytes: orNull(shown?.byteSize),
    download_url: document === undefined ? null : `${runPath(run)}/input/download`,
    input_sheet_names: orNull(sheetNames),
    input_file_count: null,
    input_sheet_count: null,
  };
}

/** An output that retention has removed by now is none. */
export function toRunOutput(run: Run, now: Date): RunOutput {
  const output = keptOutput(run, now);
  return {
    ready: output !== undefined,
    download_url: `${runPath(run)}/output/download`,
    filename: orNull(output?.filename),
    content_type: orNull(output?.contentType),
    size_bytes: orNull(output?.byteSize),
    has_output: output !== undefined,
    fileVersionId: orNull(output?.versionId),
    versionNo: orNull(output?.no),
  };
}

/**
 * The runs of a batch, though it be the largest that a request may ask for. Runs may have long texts, and then
 * those are left out of all of them: each can be read by itself.
 */
export function toRunBatch(runs: readonly Run[], now: Date): { runs: RunResource[] } {
  const whole = runs.map((run) => toRunResource(run, now));
  if (bytesOf(whole) <= MAX_PAGE_BYTES) return { runs: whole };
  const brief = whole.map((run) => ({
    ...run,
    failure_message: null,
    input: { ...run.input, filename: null, content_type: null, input_sheet_names: null },
    output: { ...run.output, filename: null, content_type: null },
  }));
  return { runs: brief };
}

/** The same without its null members, at any depth: how lists and parts of a run are answered. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)])) as T;
}

export function toDocumentRow(workspaceId: string, document: DocumentRecord, lastRun?: Run): DocumentRow {
  const { current } = document;
  return {
    id: document.id,
    workspaceId,
    name: document.name,
    contentType: current.contentType,
    byteSize: current.byteSize,
    currentVersionNo: current.no,
    commentCount: 0,
    metadata: document.metadata,
    source: 'uploaded',
    fileType: fileTypeOf(document.name, current.contentType),
    tags: [],
    uploader: document.uploader,
    activityAt:
      lastRun === undefined || lastRun.createdAt < document.updatedAt
        ? document.updatedAt
        : lastRun.createdAt,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    ...(lastRun === undefined ? {} : { lastRun: toLastRun(lastRun) }),
  };
}

export function toDocument(workspaceId: string, document: DocumentRecord, lastRun?: Run): Document {
  const listRow = toDocumentRow(workspaceId, document, lastRun);
  const { fileType: _fileType, ...whole } = listRow;
  return { ...whole, listRow };
}

function toLastRun(run: Run): NonNullable<DocumentRow['lastRun']> {
  return {
    id: run.id,
    status: WIRE_STATUS[run.status],
    createdAt: run.createdAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...('completedAt' in run ? { completedAt: run.completedAt } : {}),
    ...('failure' in run && run.failure !== undefined ? { errorMessage: run.failure.message } : {}),
  };
}
