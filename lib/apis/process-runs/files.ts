import { cleanName } from '../files/file-names.ts';
import { notFound, Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { mapConcurrently } from '../records/map-concurrently.ts';
import { fromShortId, toShortId } from '../records/short-id.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import type { RunFile } from './process-run.ts';
import { hasAgent } from './processes.ts';

/** As large as a document may be: 25 MiB. */
const MAX_FILE_BYTES = 26_214_400;
/** How long the form is good for, in seconds: time to post such a file over a slow line. */
const UPLOAD_SECONDS = 3600;
/** The form takes one type only; what the file really is says its name. */
const CONTENT_TYPE = 'application/octet-stream';

/** Where the form puts a file. Objects there are gone after a day, so one that no run has named costs nothing. */
const uploadedKey = (workspaceId: string, id: string): string => `temporary/${workspaceId}/files/${id}`;
/** Where the first run that names a file keeps it, out of reach of a form that is still good. */
const keptKey = (workspaceId: string, id: string): string => `${workspaceId}/files/${id}`;

/** @throws Refused 404 for an agent that does not exist. */
export async function createFile(
  platform: Pick<Platform, 'agents' | 'processFiles' | 'files' | 'now' | 'newId'>,
  caller: Caller,
  asked: { file_name: string; agent_id?: string | null | undefined },
) {
  const { workspaceId } = caller;
  const agentId = asked.agent_id ?? caller.agentId;
  if (agentId !== undefined && !(await hasAgent(platform, caller, agentId))) {
    throw notFound('The specified agent was not found');
  }
  const id = toShortId(platform.newId());
  const name = cleanName(asked.file_name, 'file');
  const form = await platform.files.signUpload(uploadedKey(workspaceId, id), {
    contentType: CONTENT_TYPE,
    maxBytes: MAX_FILE_BYTES,
    expiresInSeconds: UPLOAD_SECONDS,
  });
  await platform.processFiles.insert(workspaceId, {
    id,
    version: 1,
    name,
    ...(agentId === undefined ? {} : { agentId }),
    createdAt: platform.now().toISOString(),
  });
  return {
    id,
    file_name: name,
    upload_url: form.url,
    upload_http_method: 'POST' as const,
    upload_http_headers: {},
    upload_fields: form.fields,
  };
}

const CONCURRENCY = 10;

type Files = Pick<Platform, 'processFiles' | 'files'>;
type Scope = Pick<Caller, 'workspaceId' | 'agentId'> & { ofAgent: string };

/**
 * The files that a run is to have, in the order in which it names them, each kept from now on.
 * @throws Refused 400 that names every one that was never uploaded.
 */
export async function takeFiles(platform: Files, scope: Scope, ids: readonly string[]): Promise<RunFile[]> {
  const found = await mapConcurrently(ids, CONCURRENCY, (id) => takeFile(platform, scope, id));
  const issues = ids.flatMap((id, index) =>
    found[index] === undefined
      ? [{ path: `file_ids[${index}]`, message: `The file '${id.slice(0, 100)}' was never uploaded` }]
      : [],
  );
  if (issues.length > 0) throw new Refused({ category: 'invalid', issues });
  return found.filter((file) => file !== undefined);
}

async function takeFile(
  platform: Files,
  { workspaceId, agentId, ofAgent }: Scope,
  id: string,
): Promise<RunFile | undefined> {
  if (fromShortId(id) === undefined) return undefined; // none of ours, and perhaps too long for a key
  const record = await platform.processFiles.get(workspaceId, id);
  // A file of one agent is none of another's, and a key of one agent sees no files of the whole workspace.
  const isVisible = record?.agentId === ofAgent || (record?.agentId === undefined && agentId === undefined);
  if (record === undefined || !isVisible) return undefined;
  const key = keptKey(workspaceId, id);
  const kept = await platform.files.head(key);
  if (kept !== undefined) return { id, name: record.name, key, size: kept.size };
  const uploaded = await platform.files.head(uploadedKey(workspaceId, id));
  if (uploaded === undefined) return undefined;
  await platform.files.copy(uploadedKey(workspaceId, id), key);
  return { id, name: record.name, key, size: uploaded.size };
}
