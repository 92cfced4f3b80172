import { createHash } from 'node:crypto';
import { isRunsError } from '../../../runs/errors.ts';
import { isOpen, type Run, refOf } from '../../../runs/run.ts';
import { amendRun } from '../../../runs/service.ts';
import { contentTypeOf, storedType } from '../../files/content-type.ts';
import { cleanName } from '../../files/file-names.ts';
import { outputClass } from '../../files/kept-for.ts';
import { readFile } from '../../files/read-file.ts';
import { conflict, notFound, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { type Asker, makeOnce } from '../../records/idempotency.ts';
import type { RunOutput } from '../contract.ts';
import { documentRunInput, documentRunResult, type OutputFile, runFiles } from '../document-run.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/document-limits.ts';
import { findUpload, postedSize } from '../documents/upload-form.ts';
import { findDocumentRun, isDocumentDeleted } from '../runs.ts';
import { toRunOutput } from '../view.ts';
import { nextOutputVersion } from './output-number.ts';

type OutputsPlatform = Pick<Platform, 'runs' | 'documents' | 'files' | 'idempotency' | 'now' | 'newId'>;

/** An output made by hand. */
export interface ManualOutput {
  filename: string | undefined;
  contentType: string;
  bytes: Uint8Array;
}

/**
 * An output that came with its request.
 * @throws Refused 413, which says which other way to go where it is only the request that is too large; 422 for
 *   a type that cannot be one.
 */
export function sentOutput(
  { limits }: Pick<Platform, 'limits'>,
  workspaceId: string,
  sent: ManualOutput,
): ManualOutput {
  assertOutputSize(sent.bytes.length);
  assertRequestSize(sent.bytes.length, limits.requestBytes, workspaceId);
  return { ...sent, contentType: contentTypeOf(sent.contentType, 'file') };
}

/**
 * An output that was posted beforehand to the form of an upload.
 * @throws Refused 404 when there is no such upload, 409 when nothing was posted to its form yet, 413.
 */
export async function uploadedOutput(
  platform: Pick<Platform, 'uploads' | 'files'>,
  workspaceId: string,
  uploadId: string,
): Promise<ManualOutput> {
  const upload = await findUpload(platform, workspaceId, uploadId);
  const { name, contentType, fileKey } = upload;
  assertOutputSize(await postedSize(platform, upload));
  const bytes = await readFile(platform.files, fileKey);
  if (bytes === undefined) throw notFound(`Upload '${uploadId}' not found`);
  return { filename: name, contentType: storedType(contentType), bytes };
}

/**
 * A run that an output can be attached to, however it ended.
 * @throws Refused 409 while it is open, 404 when it has no document, or none any more.
 */
export async function findAttachable(
  platform: Pick<Platform, 'runs' | 'documents'>,
  path: { workspaceId: string; runId: string },
  done: 'uploaded' | 'edited' = 'uploaded',
): Promise<Run> {
  const run = await findDocumentRun(platform, path);
  if (isOpen(run)) {
    throw conflict(`Run output cannot be ${done} until the run completes.`, 'OUTPUT_NOT_READY');
  }
  const { document } = documentRunInput(run);
  if (document === undefined) throw notFound('Document version None not found');
  if (await isDocumentDeleted(platform, run)) throw notFound(`Document ${document.id} not found`);
  return run;
}

/**
 * Stores an output as the next version of the document's output file and points the run at it. Earlier
 * versions keep their content; of several at once, the run ends up with the one that has the highest number.
 * Under an `Idempotency-Key` that happens once; asked again, the answer is the run's output as it is then.
 * `request` is what makes two requests the same, where that is not the output itself.
 */
export async function attachOutput(
  platform: OutputsPlatform,
  caller: Asker,
  run: Run,
  manual: ManualOutput,
  { key, request }: { key?: string | undefined; request?: unknown },
): Promise<{ output: RunOutput; replayed: boolean }> {
  const { bytes, ...named } = manual;
  const content =
    key === undefined || request !== undefined
      ? undefined
      : createHash('sha256').update(bytes).digest('base64url');
  const what = request === undefined ? { output: { ...named, content } } : { edit: request };
  const asked = { caller, kind: 'document', key, request: { ...what, ofRun: run.id } } as const;
  const { made, replayed } = await makeOnce<Run>(platform, asked, {
    // The first id that was planned is the version's: versions are in the order of their numbers.
    make: (id, _replan, [versionId = id]) => attach(platform, run, manual, versionId),
    idsOf: () => [run.id],
    find: async ({ runIds }) => (runIds === undefined ? undefined : platform.runs.get(refOf(run))),
  });
  return { output: toRunOutput(made, platform.now()), replayed };
}

/** Repeated with its version id, it stores the same version. */
async function attach(
  platform: OutputsPlatform,
  run: Run,
  { filename, contentType, bytes }: ManualOutput,
  versionId: string,
): Promise<Run> {
  if (documentRunResult(run).output?.versionId === versionId) return run;
  const stored = {
    createdAt: platform.now().toISOString(),
    versionId,
    filename: cleanName(filename, 'output'),
    contentType,
    byteSize: bytes.length,
    // Each try stores a content of its own, so that one that is taken back takes no other's away.
    fileKey: `${runFiles(run)}/outputs/${platform.newId()}`,
  };
  const kept = { contentType: stored.contentType, retentionDays: outputClass(run) };
  await platform.files.put(stored.fileKey, bytes, kept);
  try {
    const output = await pointAt(platform, run, stored);
    return { ...run, result: { output } } as Run;
  } catch (error) {
    // After any other error the run may point at it by now.
    if (isRunsError(error, 'stale_run')) await platform.files.remove(stored.fileKey);
    throw error;
  }
}

/** Uploads to one run at the same moment stand in each other's way; a wait of chance length parts them. */
const TRIES = 5;
const MAX_WAIT_MS = 200;

async function pointAt(
  platform: Pick<Platform, 'runs' | 'documents' | 'files'>,
  run: Run,
  stored: Omit<OutputFile, 'no'>,
): Promise<OutputFile> {
  const { document } = documentRunInput(run);
  if (document === undefined) throw new TypeError(`Run ${run.id} has no document`);
  const no = await nextOutputVersion(platform, run.workspaceId, document.id, stored.versionId);
  const output = { ...stored, no };
  for (let tries = 1; ; tries += 1) {
    try {
      const amended = await amendRun(platform, refOf(run), (current) => {
        const newest = documentRunResult(current).output?.no ?? 0;
        return newest > output.no ? undefined : { output };
      });
      // One that came later was quicker: nothing will ever refer to this one.
      const isPointedAt = documentRunResult(amended).output?.versionId === output.versionId;
      if (!isPointedAt) await platform.files.remove(output.fileKey);
      return output;
    } catch (error) {
      if (!isRunsError(error, 'stale_run') || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * tries * MAX_WAIT_MS));
    }
  }
}

function assertOutputSize(byteSize: number): void {
  if (byteSize <= MAX_DOCUMENT_BYTES) return;
  throw new Refused({
    category: 'too_large',
    message: `Object exceeds maximum size of ${MAX_DOCUMENT_BYTES} bytes (received ${byteSize} bytes).`,
  });
}

/** Behind a gateway a request can carry less than an output may have. */
function assertRequestSize(byteSize: number, requestBytes: number, workspaceId: string): void {
  if (byteSize <= requestBytes) return;
  throw new Refused({
    category: 'too_large',
    message: `Object has ${byteSize} bytes; one request takes ${requestBytes} bytes. Ask POST /api/v1/workspaces/${workspaceId}/documents/uploads for a form that takes up to ${MAX_DOCUMENT_BYTES} bytes, post the file to it, and send its uploadId here as the part 'upload_id' in place of 'file'.`,
  });
}
