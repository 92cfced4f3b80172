import * as z from 'zod';
import { operation } from '../operation/operation.ts';
import { problemDetails as dialect } from '../operation/problem-details.ts';
import { VIEWER_FILES } from './page.ts';

/** What integrators read: anybody may, for it says nothing that the repository does not. */
const open = { api: 'reference', permission: null, dialect } as const;

export const getOpenApi = operation({
  ...open,
  operationId: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'Read this description of all operations as OpenAPI 3.1',
  input: {},
  success: { status: 200, body: z.record(z.string(), z.unknown()) },
});

export const getDocs = operation({
  ...open,
  operationId: 'getDocs',
  method: 'GET',
  path: '/docs',
  summary: 'Open the description as a page that can call the operations',
  input: {},
  success: { status: 200, body: 'bytes', contentType: 'text/html; charset=utf-8' },
});

export const getDocsFile = operation({
  ...open,
  operationId: 'getDocsFile',
  method: 'GET',
  path: '/docs/{file}',
  summary: 'Read a part of that page: its program, its styles',
  input: { path: z.object({ file: z.string() }) },
  success: { status: 200, body: 'bytes', contentType: 'text/javascript', otherContentTypes: ['text/css'] },
  ships: { from: 'node_modules/swagger-ui-dist', to: 'viewer', names: VIEWER_FILES },
});

/** In the order in which documents list them. */
export const referenceOperations = [getOpenApi, getDocs, getDocsFile] as const;
