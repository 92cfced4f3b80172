import * as z from 'zod';
import { listParams } from '../../list-grammar/params.ts';
import { queryBoolean, queryInt } from '../../operation/query.ts';
import { bothSpellings } from '../../operation/spelling.ts';
import { RunColumn, RunField, RunMetrics } from '../contract.ts';
import {
  BASE,
  define,
  download,
  filePart,
  instant,
  inWorkspace,
  ofDocument,
  pageMeta,
  storedFile,
  WIRE_STATUSES,
  workspacePath,
} from '../wire.ts';

const lastRun = z.object({
  id: z.uuid(),
  status: z.enum(WIRE_STATUSES),
  createdAt: instant,
  startedAt: instant.optional(),
  completedAt: instant.optional(),
  errorMessage: z.string().optional(),
});

export const DocumentRow = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    name: z.string(),
    contentType: z.string(),
    byteSize: z.int(),
    currentVersionNo: z.int(),
    commentCount: z.int(),
    metadata: z.record(z.string(), z.unknown()),
    source: z.literal('uploaded'),
    fileType: z.enum(['xlsx', 'xls', 'csv', 'pdf', 'unknown']),
    tags: z.array(z.string()),
    uploader: z.object({ id: z.uuid(), name: z.string().optional(), email: z.string() }),
    activityAt: instant,
    createdAt: instant,
    updatedAt: instant,
    lastRun: lastRun.optional(),
    /** Only in the list of deleted documents. */
    deletedAt: instant.optional(),
    /** What the last run found out, in lists that ask for it; columns only while they are no page of their own. */
    lastRunMetrics: RunMetrics.optional(),
    lastRunTableColumns: z.array(RunColumn).optional(),
    lastRunFields: z.array(RunField).optional(),
  })
  .meta({ id: 'DocumentRow' });
export type DocumentRow = z.infer<typeof DocumentRow>;

export const Document = DocumentRow.omit({ fileType: true })
  .extend({ listRow: DocumentRow })
  .meta({ id: 'Document' });
export type Document = z.infer<typeof Document>;

export const DocumentPage = z
  .object({ items: z.array(DocumentRow), meta: pageMeta })
  .meta({ id: 'DocumentPage' });

export const CONFLICT_MODES = ['reject', 'upload_new_version', 'keep_both'] as const;

/** An object as JSON, as far as a pattern tells. Nothing is as good as none. */
const jsonObject = z.string().meta({ pattern: '^\\s*(\\{[\\s\\S]*\\}\\s*)?$' });

const UploadForm = z.object({
  file: filePart,
  metadata: jsonObject.optional().describe('A JSON object'),
  run_options: jsonObject.optional().describe('A JSON object: run the document at once, with these options'),
  conflictMode: z.enum(CONFLICT_MODES).optional().describe('What to do when the name is in use'),
});

export const uploadDocument = define({
  operationId: 'uploadDocument',
  method: 'POST',
  path: `${BASE}/documents`,
  summary: 'Upload a document, and run it if asked to',
  permission: 'workspace.documents.manage',
  headers: ['Idempotency-Key'],
  input: { path: inWorkspace },
  form: UploadForm,
  success: { status: 201, body: Document },
  starts: 'document',
});

const uploadOptions = {
  metadata: z.record(z.string(), z.unknown()).default({}),
  run_options: z.record(z.string(), z.unknown()).nullish(),
  conflict_mode: z.enum(CONFLICT_MODES).default('reject'),
};

export const UploadTicket = z
  .object({
    uploadId: z.uuid(),
    url: z.string(),
    method: z.literal('POST'),
    fields: z.record(z.string(), z.string()),
    maxBytes: z.int(),
    expiresAt: instant,
    completeUrl: z.string(),
  })
  .meta({ id: 'UploadTicket' });

export const createUpload = define({
  operationId: 'createUpload',
  method: 'POST',
  path: `${BASE}/documents/uploads`,
  summary: 'Ask for a form that takes a larger document straight to the file store',
  permission: 'workspace.documents.manage',
  input: {
    path: inWorkspace,
    body: bothSpellings({ name: z.string(), content_type: z.string().optional() }),
  },
  success: { status: 201, body: UploadTicket },
  isRepeatable: true,
  uses: { files: ['upload'] },
});

export const completeUpload = define({
  operationId: 'completeUpload',
  method: 'POST',
  path: `${BASE}/documents/uploads/{uploadId}/complete`,
  summary: 'Make a document of what was posted to the form',
  permission: 'workspace.documents.manage',
  input: {
    path: z.object({ ...workspacePath, uploadId: z.uuid() }),
    body: bothSpellings(uploadOptions).prefault({}),
  },
  success: { status: 201, body: Document },
  errors: [400, 409],
  isRepeatable: true,
  starts: 'document',
});

const documentListParams = {
  ...listParams,
  lifecycle: z.enum(['active', 'deleted']).prefault('active'),
  includeRunMetrics: queryBoolean().prefault('false'),
  includeRunTableColumns: queryBoolean().prefault('false'),
  includeRunFields: queryBoolean().prefault('false'),
};
export type DocumentListQuery = z.output<z.ZodObject<typeof documentListParams>>;

export const listDocuments = define({
  operationId: 'listDocuments',
  method: 'GET',
  path: `${BASE}/documents`,
  summary: 'List the documents of a workspace, newest first',
  permission: 'workspace.documents.read',
  input: { path: inWorkspace, query: z.strictObject(documentListParams) },
  success: { status: 200, body: DocumentPage },
});

export const getDocument = define({
  operationId: 'getDocument',
  method: 'GET',
  path: `${BASE}/documents/{documentId}`,
  summary: 'Get a document',
  permission: 'workspace.documents.read',
  input: { path: ofDocument },
  success: { status: 200, body: Document },
});

export const deleteDocument = define({
  operationId: 'deleteDocument',
  method: 'DELETE',
  path: `${BASE}/documents/{documentId}`,
  summary: 'Delete a document; its runs stay',
  permission: 'workspace.documents.manage',
  input: { path: ofDocument },
  success: { status: 204, body: 'empty' },
});

export const downloadDocument = define({
  operationId: 'downloadDocument',
  method: 'GET',
  path: `${BASE}/documents/{documentId}/download`,
  summary: "Download a document's newest artifact: its output once a run succeeded",
  permission: 'workspace.documents.read',
  input: { path: ofDocument, query: download },
  headers: ['Range', 'If-Range', 'If-Match', 'If-None-Match'],
  success: storedFile,
});

export const downloadOriginalDocument = define({
  operationId: 'downloadOriginalDocument',
  method: 'GET',
  path: `${BASE}/documents/{documentId}/original/download`,
  summary: 'Download a document as it was first uploaded',
  permission: 'workspace.documents.read',
  input: { path: ofDocument, query: download },
  headers: ['Range', 'If-Range', 'If-Match', 'If-None-Match'],
  success: storedFile,
});

export const addDocumentVersion = define({
  operationId: 'addDocumentVersion',
  method: 'POST',
  path: `${BASE}/documents/{documentId}/versions`,
  summary: 'Upload a new version of a document',
  permission: 'workspace.documents.manage',
  headers: ['Idempotency-Key'],
  input: { path: ofDocument },
  form: UploadForm.omit({ conflictMode: true }),
  success: { status: 201, body: Document },
  starts: 'document',
});

export const downloadDocumentVersion = define({
  operationId: 'downloadDocumentVersion',
  method: 'GET',
  path: `${BASE}/documents/{documentId}/versions/{versionNo}/download`,
  summary: 'Download a document as one of its versions was uploaded',
  permission: 'workspace.documents.read',
  input: {
    path: z.object({ ...workspacePath, documentId: z.uuid(), versionNo: queryInt({ min: 1 }) }),
    query: download,
  },
  headers: ['Range', 'If-Range', 'If-Match', 'If-None-Match'],
  success: storedFile,
});
