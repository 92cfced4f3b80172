import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { Run } from '../../../runs/run.ts';
import { contentTypeOf } from '../../files/content-type.ts';
import { cleanName } from '../../files/file-names.ts';
import { Refused } from '../../operation/refusal.ts';
import { toIssues } from '../../operation/schema-issues.ts';
import type { Platform } from '../../platform.ts';
import { derivedId } from '../../records/derived-id.ts';
import { makeOnce } from '../../records/idempotency.ts';
import type { Caller } from '../../workspaces/workspaces.ts';
import { RunOptions } from '../contract.ts';
import { createDocumentRunAs } from '../create-run.ts';
import { runRef } from '../runs.ts';
import { assertDocumentSize, assertMetadataSize } from './document-limits.ts';
import type { DocumentRecord } from './document-record.ts';
import { findDocument, lastDocumentRun } from './find-document.ts';
import { createDocument } from './store-document.ts';
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
  return receiveOnce(platform, caller, { received, idempotencyKey }, (id) =>
    createDocument(platform, caller, received, id),
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
  return receiveOnce(platform, caller, { received, idempotencyKey, versionOf }, (id) =>
    addVersion(platform, caller, received, versionOf, cleanName(received.name, name), id),
  );
}

/**
 * The same for a document that its caller has an id for. Repeated with it, also at the same time or after an
 * interruption, it makes no second document, version or run.
 */
export async function receiveDocumentAs(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
  documentId: string,
): Promise<Received> {
  assertMetadataSize(received.metadata);
  const options = parseRunOptions(received.runOptions ?? {});
  const document = await createDocument(platform, caller, received, documentId);
  return { document, run: await runIfAsked(platform, caller, received, options, document, documentId) };
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

/** @param store stores what was received under an id, or finds it stored under that id by an earlier try. */
async function receiveOnce(
  platform: Platform,
  caller: Caller,
  { received, idempotencyKey: key, versionOf }: Once,
  store: (id: string) => Promise<DocumentRecord>,
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
    make: async (id) => {
      const document = await store(id);
      try {
        return { document, run: await runIfAsked(platform, caller, received, options, document, id) };
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

/** @param id what the run's id follows from: asked again with it, this is the same run. */
async function runIfAsked(
  platform: Platform,
  { workspaceId }: Caller,
  { runOptions }: ReceivedDocument,
  options: z.infer<typeof RunOptions>,
  document: DocumentRecord,
  id: string,
): Promise<Run | undefined> {
  const isRun =
    runOptions !== undefined ||
    (await platform.workspaces.get(workspaceId, workspaceId))?.processOnUpload === true;
  if (!isRun) return undefined;
  const runId = derivedId(id, 'run');
  // A document that was never run has none to find.
  const made =
    document.lastRunId === undefined ? undefined : await platform.runs.get(runRef({ workspaceId, runId }));
  return (
    made ?? createDocumentRunAs(platform, workspaceId, { input_document_id: document.id, options }, runId)
  );
}

function parseRunOptions(given: Record<string, unknown>): z.infer<typeof RunOptions> {
  const parsed = RunOptions.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['body', ...issue.path] }));
  throw new Refused({ category: 'bad_request', issues: toIssues(issues, { body: given }) });
}
