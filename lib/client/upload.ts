import { ask, call, patienceOf, reading, send } from './calls.ts';
import type { Connection } from './connection.ts';
import { RunplaneError } from './errors.ts';
import { persist } from './retry.ts';
import type { Input, RequestOptions } from './shapes.ts';
import type { Document, ProcessFile, RunOutput, UploadRunOutputForm, UploadTicket } from './types.ts';

/** Content to upload: a `File` knows its name, other content is given one. */
export type FileContent = Blob | Uint8Array | ArrayBuffer;
export type NamedContent = { name: string; bytes: FileContent | string; type?: string };

export interface UploadOptions extends RequestOptions {
  /** With its extension, which tells what the file is. Needed for content that has no name of its own. */
  name?: string;
}

export interface DocumentOptions extends UploadOptions {
  /** Kept with the document. */
  metadata?: Record<string, unknown>;
  /** Run the document at once, with these options; `{}` will do. */
  runOptions?: Record<string, unknown>;
  /** What to do when the name is in use; `reject` unless it is said. */
  conflictMode?: 'reject' | 'upload_new_version' | 'keep_both';
}

/** Larger files go straight to the file store: a gateway carries little more than this. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/**
 * Uploads a document, in the request itself or, if it is larger than one carries, by a form of the file store.
 * Either way a lost answer is no reason to fail: the platform knows the request, or the upload, when it comes
 * again, and answers with what it made of it.
 * @throws RunplaneError
 */
export async function uploadDocument(
  connection: Connection,
  workspaceId: string,
  content: FileContent | NamedContent,
  options: DocumentOptions = {},
): Promise<Document> {
  const file = toFile(content, options.name);
  const path = { workspaceId };
  const settings = settingsOf(options);
  return sent(
    file,
    () => sendWhole(connection, 'uploadDocument', { path, form: { ...settings, file } }, options),
    async () => {
      const { uploadId } = await store(connection, path, file, file.name, options);
      return ask(connection, 'completeUpload', { path: { ...path, uploadId }, body: settings }, options);
    },
  );
}

/** A form may have parts that are not text yet, which its type does not know. */
const sendWhole = async (
  connection: Connection,
  id: 'uploadDocument' | 'addDocumentVersion',
  input: Input,
  options: RequestOptions,
): Promise<Document> => (await call(connection, { id, input, options, read: reading.json })) as Document;

/** As a form's text parts and as a body have them alike. */
const settingsOf = ({ metadata, runOptions, conflictMode }: DocumentOptions) => ({
  ...(metadata === undefined ? {} : { metadata }),
  ...(runOptions === undefined ? {} : { runOptions }),
  ...(conflictMode === undefined ? {} : { conflictMode }),
});

/** Uploads a new version of a document, in either way. @throws RunplaneError */
export async function addDocumentVersion(
  connection: Connection,
  path: { workspaceId: string; documentId: string },
  content: FileContent | NamedContent,
  options: Omit<DocumentOptions, 'conflictMode'> = {},
): Promise<Document> {
  const file = toFile(content, options.name);
  const { workspaceId } = path;
  const settings = settingsOf(options);
  return sent(
    file,
    () => sendWhole(connection, 'addDocumentVersion', { path, form: { ...settings, file } }, options),
    async () => {
      // What is uploaded under a document's name becomes its next version.
      const { name } = await ask(connection, 'getDocument', { path }, options);
      const { uploadId } = await store(connection, path, file, name, options);
      const body = { ...settings, conflictMode: 'upload_new_version' as const };
      return ask(connection, 'completeUpload', { path: { workspaceId, uploadId }, body }, options);
    },
  );
}

/** Uploads an output of a run by hand, in either way. @throws RunplaneError */
export async function uploadRunOutput(
  connection: Connection,
  path: { workspaceId: string; runId: string },
  content: FileContent | NamedContent,
  options: UploadOptions = {},
): Promise<RunOutput> {
  const file = toFile(content, options.name);
  const upload = (form: UploadRunOutputForm) => ask(connection, 'uploadRunOutput', { path, form }, options);
  return sent(
    file,
    () => upload({ file }),
    async () => {
      const { uploadId } = await store(connection, path, file, file.name, options);
      return upload({ upload_id: uploadId });
    },
  );
}

/** Uploads a file for process runs, which name it by its id. @throws RunplaneError */
export async function uploadProcessFile(
  connection: Connection,
  content: FileContent | NamedContent,
  options: UploadOptions & { agentId?: string } = {},
): Promise<ProcessFile> {
  const file = toFile(content, options.name);
  const { agentId } = options;
  const body = { file_name: file.name, ...(agentId === undefined ? {} : { agent_id: agentId }) };
  const created = await ask(connection, 'createFile', { body }, options);
  await post(connection, { url: created.upload_url, fields: created.upload_fields }, file, options);
  return created;
}

function toFile(content: FileContent | NamedContent, named: string | undefined): File {
  const { bytes, name, type = '' } = isNamed(content) ? content : { ...describedBy(content), bytes: content };
  const known = named ?? name;
  if (known === undefined || known === '')
    throw new TypeError('A file needs a name with its extension, such as members.csv: pass it as `name`');
  const part = typeof bytes === 'string' || bytes instanceof Blob ? bytes : new Uint8Array(bytes);
  return new File([part], known, { type });
}

const isNamed = (content: FileContent | NamedContent): content is NamedContent =>
  !(content instanceof Blob || content instanceof Uint8Array || content instanceof ArrayBuffer);

const describedBy = (content: FileContent): { name?: string; type?: string } => ({
  ...(content instanceof File ? { name: content.name } : {}),
  ...(content instanceof Blob ? { type: content.type } : {}),
});

/** In one request where it fits, by a form otherwise, and also where a request turns out to carry less. */
async function sent<T>(file: File, whole: () => Promise<T>, byForm: () => Promise<T>): Promise<T> {
  if (file.size > REQUEST_BYTES) return byForm();
  try {
    return await whole();
  } catch (error) {
    if (error instanceof RunplaneError && error.status === 413 && error.message.includes('/uploads'))
      return byForm();
    throw error;
  }
}

/** Puts a file where the upload that is answered with finds it. */
async function store(
  connection: Connection,
  { workspaceId }: { workspaceId: string },
  file: File,
  name: string,
  options: RequestOptions,
): Promise<UploadTicket> {
  const body = { name, ...(file.type === '' ? {} : { content_type: file.type }) };
  const ticket = await ask(connection, 'createUpload', { path: { workspaceId }, body }, options);
  if (file.size > ticket.maxBytes) {
    const message = `${name} has ${file.size} bytes and one file may have ${ticket.maxBytes}: send it in parts`;
    throw new RunplaneError(message, { code: 'too_large' });
  }
  await post(connection, ticket, file, options);
  return ticket;
}

/** Posts a file to a form of the file store, which keeps the last one: repeating it does no harm. */
async function post(
  connection: Connection,
  { url, fields }: { url: string; fields: Record<string, string> },
  file: File,
  options: RequestOptions,
): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', file); // the store reads no field after it
  const silenceMilliseconds = options.timeoutMilliseconds ?? connection.timeoutMilliseconds;
  const outgoing = { what: 'The file store', method: 'POST', url, headers: {}, body, silenceMilliseconds };
  const patience = patienceOf(connection, options, { method: 'PUT', harmless: true, keyed: false });
  await persist(async () => reading.nothing(await send(connection, outgoing, patience.signal)), patience);
}
