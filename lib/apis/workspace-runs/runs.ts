import { isRunsError } from '../../runs/errors.ts';
import type { Retention } from '../../runs/retention.ts';
import type { Run, RunRef } from '../../runs/run.ts';
import { isOpen } from '../../runs/run.ts';
import { cancelRun, startRunOnce } from '../../runs/service.ts';
import { retentionFor } from '../files/kept-for.ts';
import { conflict, invalid, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { type Created, createOnce } from '../records/idempotency.ts';
import { mapConcurrently } from '../records/map-concurrently.ts';
import type { ConfigurationRecord } from './configurations/configuration-record.ts';
import type { RunBatchCreate, RunCreate, RunOptions } from './contract.ts';
import { type DocumentRunInput, documentRunInput } from './document-run.ts';
import type { DocumentRecord } from './documents/document-record.ts';

/** What creating and cancelling runs needs: everything but files. */
export type RunsPlatform = Omit<Platform, 'files' | 'uploads' | 'keys' | 'limits' | 'logger'>;

/** The run a path names. Another workspace's or API's run is simply not found. */
export const runRef = (path: { workspaceId: string; runId: string }): RunRef => ({
  workspaceId: path.workspaceId.toLowerCase(),
  kind: 'document',
  runId: path.runId.toLowerCase(),
});

/** @throws Refused 404. */
export async function findDocumentRun(
  platform: Pick<Platform, 'runs'>,
  path: { workspaceId: string; runId: string },
): Promise<Run> {
  const run = await platform.runs.get(runRef(path));
  if (run === undefined) throw notFound('Run not found');
  return run;
}

/** Whether the document that a run used was deleted since. */
export async function isDocumentDeleted(platform: Pick<Platform, 'documents'>, run: Run): Promise<boolean> {
  const { document } = documentRunInput(run);
  if (document === undefined) return false;
  const record = await platform.documents.get(run.workspaceId, document.id);
  return record === undefined || record.deletedAt !== undefined;
}

/**
 * Creates a run, or answers with the one that is still active for the same document version and
 * configuration. Checks in the documented order: configuration, its state, document given, document there.
 */
export function createDocumentRun(
  platform: RunsPlatform,
  workspaceId: string,
  asked: RunCreate,
  idempotencyKey?: string,
): Promise<Created> {
  return createOnce(
    platform,
    { workspaceId, kind: 'document', key: idempotencyKey, request: { create: asked } },
    async (runId) => [await createDocumentRunAs(platform, workspaceId, asked, runId)],
  );
}

/** The same under an id that is the caller's to give: repeated with it, this is the same run. */
export async function createDocumentRunAs(
  platform: RunsPlatform,
  workspaceId: string,
  asked: RunCreate,
  runId: string,
): Promise<Run> {
  const configuration = await configurationFor(platform, workspaceId, asked.configuration_id);
  const { operation } = asked.options;
  if (operation === 'publish' && configuration.status !== 'draft') {
    throw conflict('Configuration must be a draft before publishing');
  }
  if (operation !== 'process')
    return startWithoutDocument(platform, workspaceId, runId, configuration, asked.options);
  if (asked.input_document_id == null) throw documentRequired();
  const document = await findDocument(platform, workspaceId, asked.input_document_id);
  return startForDocument(platform, workspaceId, runId, configuration, document, asked.options);
}

/** Documents of a batch that are looked up or started at the same time: quick, and no burst for Step Functions. */
const BATCH_CONCURRENCY = 20;

/**
 * Creates a run for each document, in the order of the request, or none when one of them does not exist.
 * Every run's id follows from the batch's and its document's, so that repeating an interrupted batch
 * finds the runs that it had made.
 */
export function createDocumentRuns(
  platform: RunsPlatform,
  workspaceId: string,
  asked: RunBatchCreate,
  idempotencyKey?: string,
): Promise<Created> {
  return createOnce(
    platform,
    { workspaceId, kind: 'document', key: idempotencyKey, isBatch: true, request: { batch: asked } },
    async (batchId) => {
      const configuration = await configurationFor(platform, workspaceId, asked.configuration_id);
      if (asked.options.operation !== 'process') throw documentRequired();
      const options = { ...asked.options, input_sheet_names: undefined };
      const documentIds = [...new Set(asked.document_ids.map((id) => id.toLowerCase()))];
      const found = await mapConcurrently(documentIds, BATCH_CONCURRENCY, (id) =>
        platform.documents.get(workspaceId, id),
      );
      const documents = documentIds.map((id, index) => assertDocument(found[index], id));
      return mapConcurrently(documents, BATCH_CONCURRENCY, (document) => {
        const runId = derivedId(batchId, document.id);
        return startForDocument(platform, workspaceId, runId, configuration, document, options);
      });
    },
  );
}

const documentRequired = () => {
  const code = 'input_document_required_for_process';
  return invalid(code, [{ message: code, code }]);
};

/** What a run goes by: a configuration, and how long its workspace keeps runs. */
type RunBasis = ConfigurationRecord & { retention: Retention | undefined };

/** A configuration that is named, whatever its state, or the workspace's active one. */
async function configurationFor(
  platform: RunsPlatform,
  workspaceId: string,
  configurationId: string | null | undefined,
): Promise<RunBasis> {
  const reading = platform.workspaces.get(workspaceId, workspaceId);
  if (configurationId != null) {
    const [named, workspace] = await Promise.all([
      platform.configurations.get(workspaceId, configurationId.toLowerCase()),
      reading,
    ]);
    if (named === undefined) throw notFound(configurationId);
    return { ...named, retention: retentionFor(workspace) };
  }
  const workspace = await reading;
  const activeId = workspace?.activeConfigurationId;
  const active =
    activeId === undefined ? undefined : await platform.configurations.get(workspaceId, activeId);
  if (active === undefined) throw notFound('active_configuration_not_found');
  return { ...active, retention: retentionFor(workspace) };
}

async function findDocument(
  platform: RunsPlatform,
  workspaceId: string,
  documentId: string,
): Promise<DocumentRecord> {
  return assertDocument(await platform.documents.get(workspaceId, documentId.toLowerCase()), documentId);
}

function assertDocument(document: DocumentRecord | undefined, documentId: string): DocumentRecord {
  if (document === undefined || document.deletedAt !== undefined)
    throw notFound(`Document ${documentId} not found`);
  return document;
}

function inputOf(
  configuration: ConfigurationRecord,
  options: RunOptions,
  document?: DocumentRecord,
): DocumentRunInput {
  return {
    operation: options.operation,
    configurationId: configuration.id,
    ...(document === undefined ? {} : { document: documentOf(document) }),
    ...(options.dry_run ? { dryRun: true } : {}),
    ...(options.log_level == null ? {} : { logLevel: options.log_level }),
    ...(options.input_sheet_names === undefined ? {} : { sheetNames: options.input_sheet_names }),
    ...(options.active_sheet_only ? { activeSheetOnly: true } : {}),
    ...(options.metadata == null ? {} : { metadata: options.metadata }),
  };
}

function documentOf({ id, current }: DocumentRecord): DocumentRunInput['document'] {
  const { versionId, no, filename, contentType, byteSize, fileKey } = current;
  return { id, versionId, no, filename, contentType, byteSize, fileKey };
}

const startWithoutDocument = (
  platform: RunsPlatform,
  workspaceId: string,
  runId: string,
  configuration: RunBasis,
  options: RunOptions,
): Promise<Run> =>
  start(platform, workspaceId, runId, configuration.id, configuration, inputOf(configuration, options));

/** A repeated request with the same run id finds the run that the first one made. */
async function start(
  platform: RunsPlatform,
  workspaceId: string,
  runId: string,
  parentId: string,
  { retention }: RunBasis,
  input: DocumentRunInput,
): Promise<Run> {
  return startRunOnce(platform, {
    id: runId,
    kind: 'document',
    workspaceId,
    parentId,
    input,
    retention,
  });
}

/**
 * How long a document may name a run that does not exist yet, in milliseconds: between the two writes of
 * a create. After that the creator is gone and its place is free.
 */
const CREATING_MS = 5000;

/**
 * One active run per document version and configuration: the document names the latest run of each
 * configuration, and the conditional write of that name decides who creates.
 */
async function startForDocument(
  platform: RunsPlatform,
  workspaceId: string,
  runId: string,
  configuration: RunBasis,
  document: DocumentRecord,
  options: RunOptions,
): Promise<Run> {
  for (let known: DocumentRecord | undefined = document; ; ) {
    const active = await activeRun(platform, workspaceId, known, configuration.id, runId);
    // An earlier try may have made this request's own run, before somebody else's took its place.
    if (active !== undefined) return (await platform.runs.get(runRef({ workspaceId, runId }))) ?? active;
    const { no } = known.current;
    const named: DocumentRecord = {
      ...known,
      version: known.version + 1,
      lastRunId: runId,
      runs: { ...known.runs, [configuration.id]: { runId, versionNo: no, at: platform.now().toISOString() } },
    };
    if (await platform.documents.replace(workspaceId, named)) {
      return start(
        platform,
        workspaceId,
        runId,
        named.id,
        configuration,
        inputOf(configuration, options, named),
      );
    }
    known = await findDocument(platform, workspaceId, document.id);
  }
}

/**
 * The open run that the document names for this version and configuration; waits for one being created. The
 * run that is to be made is none of them, though an earlier try may have named it.
 */
async function activeRun(
  platform: RunsPlatform,
  workspaceId: string,
  document: DocumentRecord,
  configurationId: string,
  ownId: string,
): Promise<Run | undefined> {
  const named = document.runs[configurationId];
  if (named === undefined || named.versionNo !== document.current.no || named.runId === ownId)
    return undefined;
  const STEP_MS = 100;
  for (;;) {
    const run = await platform.runs.get(runRef({ workspaceId, runId: named.runId }));
    if (run !== undefined) return isOpen(run) ? run : undefined;
    if (platform.now().getTime() - Date.parse(named.at) > CREATING_MS) return undefined;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** Cancels, or says in this API's words why not. */
export async function cancelDocumentRun(
  platform: RunsPlatform,
  path: { workspaceId: string; runId: string },
): Promise<Run> {
  try {
    return await cancelRun(platform, runRef(path));
  } catch (error) {
    if (isRunsError(error, 'run_not_found')) throw notFound('Run not found');
    if (isRunsError(error, 'invalid_transition')) {
      const { id, status } = error.details.run;
      const word = status === 'timed_out' ? 'failed' : status;
      throw conflict(`Run ${id} cannot be cancelled from status ${word}.`);
    }
    throw error;
  }
}
