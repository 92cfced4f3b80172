import type * as z from 'zod';
import type { Run } from '../../runs/run.ts';
import { isTooDeep } from '../json-depth.ts';
import type { Platform } from '../platform.ts';
import { type RefusalIssue, Refused } from '../refusal.ts';
import { toIssues } from '../schema-issues.ts';
import type { Caller } from '../workspaces.ts';
import { RunOptions } from './contract.ts';
import type { DocumentRecord } from './documents.ts';
import { CONFLICT_MODES } from './documents-contract.ts';
import { cleanName } from './file-names.ts';
import { createRun } from './runs.ts';
import {
  addVersion,
  assertDocumentSize,
  type ConflictMode,
  createDocument,
  type NewDocument,
} from './uploads.ts';

export interface ReceivedDocument extends NewDocument {
  /** How to run the document at once; absent when nobody asked for that. */
  runOptions?: Record<string, unknown> | undefined;
}

/** Stores a document and, when its sender or its workspace asks for it, starts a run with the active configuration. */
export async function receiveDocument(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
): Promise<{ document: DocumentRecord; run?: Run | undefined }> {
  if ('bytes' in received.content) assertDocumentSize(received.content.bytes.length);
  const options = parseRunOptions(received.runOptions ?? {});
  return runIfAsked(platform, caller, received, options, await createDocument(platform, caller, received));
}

/** The same for a new version of a document that is there already. */
export async function receiveVersion(
  platform: Platform,
  caller: Caller,
  { id, name }: DocumentRecord,
  received: ReceivedDocument,
): Promise<{ document: DocumentRecord; run?: Run | undefined }> {
  const options = parseRunOptions(received.runOptions ?? {});
  const document = await addVersion(platform, caller, received, id, cleanName(received.name, name));
  return runIfAsked(platform, caller, received, options, document);
}

async function runIfAsked(
  platform: Platform,
  caller: Caller,
  received: ReceivedDocument,
  options: z.infer<typeof RunOptions>,
  document: DocumentRecord,
): Promise<{ document: DocumentRecord; run?: Run | undefined }> {
  const isRun =
    received.runOptions !== undefined ||
    (await platform.workspaces.get(caller.workspaceId, caller.workspaceId))?.processOnUpload === true;
  if (!isRun) return { document };
  const { runs } = await createRun(platform, caller.workspaceId, { input_document_id: document.id, options });
  return { document, run: runs[0] };
}

function parseRunOptions(given: Record<string, unknown>): z.infer<typeof RunOptions> {
  const parsed = RunOptions.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['body', ...issue.path] }));
  throw badRequest(undefined, toIssues(issues, { body: given }));
}

const badRequest = (message: string | undefined, issues?: RefusalIssue[]): Refused =>
  new Refused({ category: 'bad_request', message, issues });

/**
 * The text parts that come with an uploaded file.
 * @throws Refused 400 for metadata or run options that are not JSON objects, 422 for an unknown conflict mode.
 */
export function parseUploadFields(
  fields: Record<string, string>,
): Pick<ReceivedDocument, 'metadata' | 'runOptions' | 'conflictMode'> {
  const runOptions = fields.run_options ?? fields.runOptions;
  return {
    metadata: parseObject('metadata', fields.metadata) ?? {},
    runOptions: parseObject('run_options', runOptions),
    conflictMode: parseConflictMode(fields.conflictMode ?? fields.conflict_mode),
  };
}

function parseObject(name: string, text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (isTooDeep(text)) throw badRequest(`${name} is nested too deeply`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Refused({ category: 'bad_request', message: `${name} must be valid JSON` }, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw badRequest(`${name} must be a JSON object`);
}

function parseConflictMode(text: string | undefined): ConflictMode {
  const mode = CONFLICT_MODES.find((known) => known === (text ?? 'reject'));
  if (mode !== undefined) return mode;
  const message = "Input should be 'reject', 'upload_new_version' or 'keep_both'";
  throw new Refused({ category: 'invalid', issues: [{ path: 'conflictMode', message, code: 'enum' }] });
}
