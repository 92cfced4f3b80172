import { isRunsError } from '../../runs/errors.ts';
import { isBeingMade, isPlaceholder, takePlace } from '../../runs/placeholder.ts';
import type { Retention } from '../../runs/retention.ts';
import { isOpen, type Run } from '../../runs/run.ts';
import { startRunOnce } from '../../runs/service.ts';
import { retentionFor } from '../files/kept-for.ts';
import { conflict, invalid, notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { derivedId } from '../records/derived-id.ts';
import { type Asker, type Created, createOnce, type Replan } from '../records/idempotency.ts';
import { mapConcurrently } from '../records/map-concurrently.ts';
import { runMadeBefore } from '../records/planned-ids.ts';
import type { ConfigurationRecord } from './configurations/configuration-record.ts';
import type { RunBatchCreate, RunCreate, RunCsvOptions, RunOptions } from './contract.ts';
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
    async (runId, replan) => [
      await createDocumentRunAs(platform, caller.workspaceId, asked, { runId, replan }),
    ],
  );
}

/** The id that a run is planned under, and whom to tell when it has to be another one. */
export interface RunPlan {
  runId: string;
  replan: Replan;
}

/** The same under an id that is the caller's to give: repeated with it, this is the same run. */
export async function createDocumentRunAs(
  platform: CreatePlatform,
  workspaceId: string,
  asked: RunCreate,
  plan: RunPlan,
): Promise<Run> {
  const configuration = await configurationFor(platform, workspaceId, asked.configuration_id);
  const { operation } = asked.options;
  if (operation === 'publish' && configuration.status !== 'draft') {
    throw conflict('Configuration must be a draft before publishing');
  }
  if (operation !== 'process')
    return startWithoutDocument(platform, workspaceId, plan.runId, configuration, asked.options);
  if (asked.input_document_id == null) throw documentRequired();
  const document = await documentToRun(platform, workspaceId, asked.input_document_id);
  return startForDocument(platform, workspaceId, plan, configuration, document, asked.options);
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
    async (batchId, replan, earlier) => {
      const configuration = await configurationFor(platform, workspaceId, asked.configuration_id);
      if (asked.options.operation !== 'process') throw documentRequired();
      const options = { ...asked.options, input_sheet_names: undefined };
      const documentIds = [...new Set(asked.document_ids.map((id) => id.toLowerCase()))];
      const found = await mapConcurrently(documentIds, BATCH_CONCURRENCY, (id) =>
        platform.documents.get(workspaceId, id),
      );
      const missing = documentIds.find((_id, index) => !isThere(found[index]));
      const begun = [batchId, ...earlier];
      if (missing !== undefined && !(await hasBegun(platform, workspaceId, begun, documentIds)))
        throw notFound(`Document ${missing} not found`);
      const documents = found.filter((document) => document !== undefined);
      return mapConcurrently(documents, BATCH_CONCURRENCY, async (document) => {
        const planned = earlier.map((id) => derivedId(id, document.id));
        const made = await runMadeBefore(platform, { workspaceId, kind: 'document' }, planned);
        const plan = { runId: derivedId(batchId, document.id), replan: () => replan(batchId) };
        return made ?? startForDocument(platform, workspaceId, plan, configuration, document, options, true);
      });
    },
  );
}

/** Whether an earlier try of a batch, which had found all its documents, made one of its runs under a planned id. */
async function hasBegun(
  { runs }: Pick<Platform, 'runs'>,
  workspaceId: string,
  batchIds: readonly string[],
  documentIds: readonly string[],
): Promise<boolean> {
  const refs = batchIds.flatMap((batchId) =>
    documentIds.map((id) => runRef({ workspaceId, runId: derivedId(batchId, id) })),
  );
  return (await runs.getMany(refs)).some((run) => !isPlaceholder(run));
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
    ...(options.csv == null ? {} : { csv: toldOf(options.csv) }),
  };
}

/** Only what was told: the run's record stays small. */
function toldOf({ header_row: headerRow, ...dialect }: RunCsvOptions): NonNullable<DocumentRunInput['csv']> {
  const told = Object.entries({ ...dialect, headerRow }).filter(([, value]) => value != null);
  return Object.fromEntries(told);
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
 * One active run per document version and configuration: the document names the latest run of each
 * configuration, and the conditional write of that name decides who creates. Whoever was so slow that somebody
 * else took the place of the run asks again, for one whose id follows from the first.
 * @param isDeletedToo whether a document that is deleted meanwhile is run all the same.
 */
async function startForDocument(
  platform: CreatePlatform,
  workspaceId: string,
  { runId: plannedId, replan }: RunPlan,
  configuration: RunBasis,
  document: DocumentRecord,
  options: RunOptions,
  isDeletedToo = false,
): Promise<Run> {
  let runId = plannedId;
  for (let known = document; ; ) {
    const active = await activeRun(platform, workspaceId, known, configuration.id, runId);
    // An earlier try may have made this request's own run, before somebody else's took its place.
    if (active !== undefined) return (await ownRun(platform, workspaceId, plannedId)) ?? active;
    const { no } = known.current;
    const runs = await namedRuns(platform, workspaceId, known);
    const named: DocumentRecord = {
      ...known,
      version: known.version + 1,
      lastRunId: runId,
      runs: { ...runs, [configuration.id]: { runId, versionNo: no, at: platform.now().toISOString() } },
    };
    if (await platform.documents.replace(workspaceId, named)) {
      const input = inputOf(configuration, options, named);
      try {
        return await start(platform, workspaceId, runId, named.id, configuration, input);
      } catch (error) {
        if (!isRunsError(error, 'run_exists')) throw error;
        runId = nextId(runId);
        await replan(runId);
      }
    }
    const read = await platform.documents.get(workspaceId, document.id);
    known = isDeletedToo && read !== undefined ? read : assertThere(read, document.id);
  }
}

/** The id after one whose place was taken: the same for everybody, so that a repeated request finds its run. */
const nextId = (runId: string): string => derivedId(runId, 'next');

/** What an earlier try of this request has made, if it has. */
async function ownRun(
  platform: CreatePlatform,
  workspaceId: string,
  plannedId: string,
): Promise<Run | undefined> {
  for (let runId = plannedId; ; runId = nextId(runId)) {
    const run = await platform.runs.get(runRef({ workspaceId, runId }));
    if (run === undefined || !isPlaceholder(run)) return run;
  }
}

/**
 * Runs of other configurations that a document goes on naming without a look at them: few people try more at a
 * time, and the record is written with every run.
 */
const MOST_NAMED = 5;

/** Active ones that it names beside them, the latest: 100 names are 15 KB of a record that may have 400. */
const MOST_ACTIVE = 100;

/** The runs that the next name of a run is to stand beside: of this version, and the latest of them or active. */
async function namedRuns(
  platform: CreatePlatform,
  workspaceId: string,
  { runs, current }: DocumentRecord,
): Promise<DocumentRecord['runs']> {
  const ofVersion = Object.entries(runs)
    .filter(([, { versionNo }]) => versionNo === current.no)
    .toSorted(([, one], [, other]) => (one.at > other.at ? -1 : 1));
  const older = ofVersion.slice(MOST_NAMED);
  const refs = older.map(([, { runId }]) => runRef({ workspaceId, runId }));
  const read = refs.length === 0 ? [] : await platform.runs.getMany(refs);
  const ended = new Set(read.filter((run) => !isOpen(run)).map((run) => run.id));
  const active = older.filter(([, { runId }]) => !ended.has(runId));
  return Object.fromEntries([...ofVersion.slice(0, MOST_NAMED), ...active.slice(0, MOST_ACTIVE)]);
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
  const ref = runRef({ workspaceId, runId: named.runId });
  const STEP_MS = 100;
  for (;;) {
    const run = await platform.runs.get(ref);
    if (run !== undefined) return isOpen(run) ? run : undefined;
    if (isBeingMade(platform, named.at)) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    else await takePlace(platform, ref);
  }
}
