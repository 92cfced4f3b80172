import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { momentOf } from '../../../runs/ids.ts';
import { isPlaceholder } from '../../../runs/placeholder.ts';
import type { Run } from '../../../runs/run.ts';
import { contentTypeOf } from '../../files/content-type.ts';
import { cleanName } from '../../files/file-names.ts';
import { Refused } from '../../operation/refusal.ts';
import { toIssues } from '../../operation/schema-issues.ts';
import type { Platform } from '../../platform.ts';
import { derivedId } from '../../records/derived-id.ts';
import { makeOnce } from '../../records/idempotency.ts';
import { runMadeBefore } from '../../records/planned-ids.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import { RunOptions } from '../contract.ts';
import { createDocumentRunAs } from '../create-run.ts';
import { runRef } from '../runs.ts';
import { assertDocumentSize, assertMetadataSize } from './document-limits.ts';
import type { DocumentRecord } from './document-record.ts';
import { findDocument, lastDocumentRun } from './find-document.ts';
import { createDocument, versionIdOf } from './store-document.ts';
import { addVersion, type NewDocument } from './store-version.ts';

export interface ReceivedDocument extends NewDocument {
  /** How to run the document at once; absent when nobody asked for that. */
  runOptions?: Record<string, unknown> | undefined;
}

/** A document and the run that came with it, or, when it had been received before, its last run. */
export interface Received {
  document: DocumentRecord;
  run?: Run | undefined;
}

/**
 * Stores a document and, when its sender or its workspace asks for it, starts a run with the active
 * configuration. Under an `Idempotency-Key` that happens once, whoever asks how often.
 */
export function receiveDocument(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
  idempotencyKey?: string,
): Promise<Received & { replayed: boolean }> {
  return receiveOnce(platform, caller, { received, idempotencyKey }, (planned) =>
    createPlanned(platform, caller, received, planned),
  );
}

/** The same for a new version of a document that is there already. */
export function receiveVersion(
  platform: Platform,
  caller: Caller,
  { id: versionOf, name }: DocumentRecord,
  received: ReceivedDocument,
  idempotencyKey?: string,
): Promise<Received & { replayed: boolean }> {
  return receiveOnce(platform, caller, { received, idempotencyKey, versionOf }, ([id]) =>
    addVersion(platform, caller, received, versionOf, cleanName(received.name, name), id),
  );
}

/**
 * The same for a document that its caller has planned ids for. Repeated with them, also at the same time or after
 * an interruption, it makes no second document, version or run.
 */
export async function receiveDocumentAs(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
  plan: Plan,
): Promise<Received> {
  assertMetadataSize(received.metadata);
  const options = parseRunOptions(received.runOptions ?? {});
  const document = await createPlanned(platform, caller, received, plan.ids);
  return { document, run: await runIfAsked(platform, caller, received, options, document, plan) };
}

/** Ids that were planned for what one request makes, the oldest first: see `isStale`. */
type PlannedIds = readonly [string, ...string[]];

interface Plan {
  ids: PlannedIds;
  /** Says that the request is still at it. @throws Refused when somebody else goes on with it. */
  replan(): Promise<void>;
}

/** How long, in milliseconds, a request may still be at work: the longest that a function can. */
const GONE_MS = 900_000;

/**
 * Makes the document under the first id while whoever planned it may still be at work, and then under the latest,
 * for lists are in the order of the ids; or goes on with the one that was made under any of them.
 */
async function createPlanned(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
  ids: PlannedIds,
): Promise<DocumentRecord> {
  const [first] = ids;
  const made = ids.length === 1 ? [] : await platform.documents.getMany(caller.workspaceId, ids);
  const isGone = platform.now().getTime() - (momentOf(first)?.getTime() ?? 0) > GONE_MS;
  const id = made[0]?.id ?? (isGone ? ids.at(-1) : first);
  return createDocument(platform, caller, received, id, versionIdOf(first));
}

/** What became of a document that was received before. @throws Refused 404 when it was deleted since. */
export async function receivedBefore(
  platform: Pick<Platform, 'documents' | 'runs'>,
  workspaceId: string,
  documentId: string,
): Promise<Received> {
  const document = await findDocument(platform, workspaceId, documentId);
  return { document, run: await lastDocumentRun(platform, workspaceId, document) };
}

interface Once {
  received: ReceivedDocument;
  idempotencyKey: string | undefined;
  /** The document that it is a version of, if it is to be one. */
  versionOf?: string;
}

/** @param store stores what was received under a planned id, or finds it stored under one by an earlier try. */
async function receiveOnce(
  platform: Platform,
  caller: Caller,
  { received, idempotencyKey: key, versionOf }: Once,
  store: (planned: PlannedIds) => Promise<DocumentRecord>,
): Promise<Received & { replayed: boolean }> {
  if ('bytes' in received.content) assertDocumentSize(received.content.bytes.length);
  const { workspaceId } = caller;
  contentTypeOf(received.contentType, 'file');
  assertMetadataSize(received.metadata);
  const options = parseRunOptions(received.runOptions ?? {});
  // Without a key nobody compares, and what is large need not be hashed.
  const request = key === undefined ? undefined : { upload: comparable(received), versionOf };
  const asked = { caller, kind: 'document', key, request } as const;
  const { made, replayed } = await makeOnce<Received & { refusal?: Refused }>(platform, asked, {
    make: async (id, replan, earlier) => {
      const [first = id, ...later] = [...earlier, id];
      const plan: Plan = { ids: [first, ...later], replan: () => replan(id) };
      const document = await store(plan.ids);
      try {
        return { document, run: await runIfAsked(platform, caller, received, options, document, plan) };
      } catch (refusal) {
        // The document is there, so the key is not free: the next request under it asks for the run again.
        if (refusal instanceof Refused) return { document, refusal };
        throw refusal;
      }
    },
    idsOf: ({ document, refusal }) => (refusal === undefined ? [document.id] : []),
    find: async ({ runIds: [documentId] = [] }) =>
      documentId === undefined ? undefined : receivedBefore(platform, workspaceId, documentId),
  });
  if (made.refusal !== undefined) throw made.refusal;
  return { ...made, replayed };
}

/** A content is what its bytes are, wherever they come from. */
const comparable = ({ content, ...received }: ReceivedDocument) => ({
  ...received,
  content: 'bytes' in content ? createHash('sha256').update(content.bytes).digest('base64url') : content,
});

/** The run's id follows from those that were planned: asked again with them, this is the same run. */
async function runIfAsked(
  platform: Platform,
  { workspaceId }: Caller,
  { runOptions }: ReceivedDocument,
  options: z.infer<typeof RunOptions>,
  document: DocumentRecord,
  { ids, replan }: Plan,
): Promise<Run | undefined> {
  const isRun =
    runOptions !== undefined ||
    (await platform.workspaces.get(workspaceId, workspaceId))?.processOnUpload === true;
  if (!isRun) return undefined;
  const planned = ids.map((id) => derivedId(id, 'run'));
  const runId = planned.at(-1) ?? derivedId(document.id, 'run');
  const before = await runMadeBefore(platform, { workspaceId, kind: 'document' }, planned.slice(0, -1));
  if (before !== undefined) return before;
  // A document that was never run has none to find.
  const made =
    document.lastRunId === undefined ? undefined : await platform.runs.get(runRef({ workspaceId, runId }));
  if (made !== undefined && !isPlaceholder(made)) return made;
  const asked = { input_document_id: document.id, options };
  return createDocumentRunAs(platform, workspaceId, asked, { runId, replan });
}

function parseRunOptions(given: Record<string, unknown>): z.infer<typeof RunOptions> {
  const parsed = RunOptions.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['body', ...issue.path] }));
  throw new Refused({ category: 'bad_request', issues: toIssues(issues, { body: given }) });
}
