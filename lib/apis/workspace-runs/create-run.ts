import type { Retention } from '../../runs/retention.ts';
import { isOpen, type Run } from '../../runs/run.ts';
import { startRunOnce } from '../../runs/service.ts';
import { retentionFor } from '../files/kept-for.ts';
import { conflict, invalid, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { type Asker, type Created, createOnce } from '../records/idempotency.ts';
import { mapConcurrently } from '../records/map-concurrently.ts';
import type { ConfigurationRecord } from './configurations/configuration-record.ts';
import type { RunBatchCreate, RunCreate, RunOptions } from './contract.ts';
import type { DocumentRunInput } from './document-run.ts';
import type { DocumentRecord } from './documents/document-record.ts';
import { FileVersion } from './file-version.ts';
import { runRef } from './runs.ts';

/** What creating runs needs: everything but files. */
export type CreatePlatform = Omit<Platform, 'files' | 'uploads' | 'keys' | 'limits' | 'logger'>;

/**
 * Creates a run, or answers with the one that is still active for the same document version and
 * configuration. Checks in the documented order: configuration, its state, document given, document there.
 */
export function createDocumentRun(
  platform: CreatePlatform,
  caller: Asker,
  asked: RunCreate,
  idempotencyKey?: string,
): Promise<Created> {
  return createOnce(
    platform,
    { caller, kind: 'document', key: idempotencyKey, request: { create: asked } },
    async (runId) => [await createDocumentRunAs(platform, caller.workspaceId, asked, runId)],
  );
}

/** The same under an id that is the caller's to give: repeated with it, this is the same run. */
export async function createDocumentRunAs(
  platform: CreatePlatform,
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
  const document = await documentToRun(platform, workspaceId, asked.input_document_id);
  return startForDocument(platform, workspaceId, runId, configuration, document, asked.options);
}

/** Documents of a batch that are looked up or started at the same time: quick, and no burst for Step Functions. */
const BATCH_CONCURRENCY = 20;

/**
 * Creates a run for each document, in the order of the request, or none when one of them does not exist.
 * Every run's id follows from the batch's and its document's, so that repeating an interrupted batch
 * finds the runs that it had made. A document that is deleted once all were found gets its run all the same:
 * its content stays, and a refusal would come after some of the runs.
 */
export function createDocumentRuns(
  platform: CreatePlatform,
  caller: Asker,
  asked: RunBatchCreate,
  idempotencyKey?: string,
): Promise<Created> {
  const { workspaceId } = caller;
  return createOnce(
    platform,
    { caller, kind: 'document', key: idempotencyKey, isBatch: true, request: { batch: asked } },
    async (batchId) => {
      const configuration = await configurationFor(platform, workspaceId, asked.configuration_id);
      if (asked.options.operation !== 'process') throw documentRequired();
      const options = { ...asked.options, input_sheet_names: undefined };
      const documentIds = [...new Set(asked.document_ids.map((id) => id.toLowerCase()))];
      const found = await mapConcurrently(documentIds, BATCH_CONCURRENCY, (id) =>
        platform.documents.get(workspaceId, id),
      );
      const missing = documentIds.find((_id, index) => !isThere(found[index]));
      if (missing !== undefined && !(await hasBegun(platform, workspaceId, batchId, documentIds)))
        throw notFound(`Document ${missing} not found`);
      const documents = found.filter((document) => document !== undefined);
      return mapConcurrently(documents, BATCH_CONCURRENCY, (document) => {
        const runId = derivedId(batchId, document.id);
        return startForDocument(platform, workspaceId, runId, configuration, document, options, true);
      });
    },
  );
}

/** Whether an earlier try of a batch, which had found all its documents, made one of its runs. */
async function hasBegun(
  { runs }: Pick<Platform, 'runs'>,
  workspaceId: string,
  batchId: string,
  documentIds: readonly string[],
): Promise<boolean> {
  const refs = documentIds.map((id) => runRef({ workspaceId, runId: derivedId(batchId, id) }));
  return (await runs.getMany(refs)).length > 0;
}

const documentRequired = () => {
  const code = 'input_document_required_for_process';
  return invalid(code, [{ message: code, code }]);
};

/** What a run goes by: a configuration, and how long its workspace keeps runs. */
type RunBasis = ConfigurationRecord & { retention: Retention | undefined };

/** A configuration that is named, whatever its state, or the workspace's active one. */
async function configurationFor(
  platform: CreatePlatform,
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

async function documentToRun(
  platform: CreatePlatform,
  workspaceId: string,
  documentId: string,
): Promise<DocumentRecord> {
  return assertThere(await platform.documents.get(workspaceId, documentId.toLowerCase()), documentId);
}

const isThere = (document: DocumentRecord | undefined): document is DocumentRecord =>
  document !== undefined && document.deletedAt === undefined;

function assertThere(document: DocumentRecord | undefined, documentId: string): DocumentRecord {
  if (!isThere(document)) throw notFound(`Document ${documentId} not found`);
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
    ...(document === undefined
      ? {}
      : { document: { id: document.id, ...FileVersion.parse(document.current) } }),
    ...(options.dry_run ? { dryRun: true } : {}),
    ...(options.log_level == null ? {} : { logLevel: options.log_level }),
    ...(options.input_sheet_names === undefined ? {} : { sheetNames: options.input_sheet_names }),
    ...(options.active_sheet_only ? { activeSheetOnly: true } : {}),
    ...(options.metadata == null ? {} : { metadata: options.metadata }),
  };
}

const startWithoutDocument = (
  platform: CreatePlatform,
  workspaceId: string,
  runId: string,
  configuration: RunBasis,
  options: RunOptions,
): Promise<Run> =>
  start(platform, workspaceId, runId, configuration.id, configuration, inputOf(configuration, options));

/** A repeated request with the same run id finds the run that the first one made. */
async function start(
  platform: CreatePlatform,
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
 * @param isDeletedToo whether a document that is deleted meanwhile is run all the same.
 */
async function startForDocument(
  platform: CreatePlatform,
  workspaceId: string,
  runId: string,
  configuration: RunBasis,
  document: DocumentRecord,
  options: RunOptions,
  isDeletedToo = false,
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
    const read = await platform.documents.get(workspaceId, document.id);
    known = isDeletedToo && read !== undefined ? read : assertThere(read, document.id);
  }
}

/**
 * The open run that the document names for this version and configuration; waits for one being created. The
 * run that is to be made is none of them, though an earlier try may have named it.
 */
async function activeRun(
  platform: CreatePlatform,
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
