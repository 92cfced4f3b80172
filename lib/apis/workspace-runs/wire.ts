import * as z from 'zod';
import { type InputShape, operation, type Success } from '../operation/operation.ts';
import { cursorParam, queryBoolean, queryInt } from '../operation/query.ts';
import { dialect } from './dialect.ts';

/** The API of ADE's workspaces: run responses are snake_case but for a few names, documents camelCase. */
export const BASE = '/api/v1/workspaces/{workspaceId}';

export const WIRE_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const instant = z.string().meta({ format: 'date-time' });

export const pageMeta = z
  .object({
    limit: z.int(),
    hasMore: z.boolean(),
    nextCursor: z.string().optional(),
    totalIncluded: z.boolean(),
    totalCount: z.int().optional(),
    changesCursor: z.string(),
  })
  .meta({ id: 'PageMeta' });
export type PageMeta = z.infer<typeof pageMeta>;

/** What a page says beside its items. There is no feed of changes, so its cursor is always the first. */
export const toPageMeta = (
  limit: number,
  { nextCursor, totalCount }: { nextCursor: string | undefined; totalCount?: number | undefined },
): PageMeta => ({
  limit,
  hasMore: nextCursor !== undefined,
  ...(nextCursor === undefined ? {} : { nextCursor }),
  totalIncluded: totalCount !== undefined,
  ...(totalCount === undefined ? {} : { totalCount }),
  changesCursor: '0',
});

export const workspacePath = { workspaceId: z.string() };
export const inWorkspace = z.object(workspacePath);
export const ofRun = z.object({ ...workspacePath, runId: z.uuid() });
export const ofDocument = z.object({ ...workspacePath, documentId: z.uuid() });
export const page = {
  limit: queryInt({ min: 1, max: 200 }).prefault('50'),
  cursor: cursorParam().optional(),
};

/** The file in a form, as documents show it. */
export const filePart = z.string().meta({ format: 'binary', contentMediaType: 'application/octet-stream' });

/** A file as somebody once sent it or a run made it: mostly a workbook, but whatever its sender said that it is. */
export const storedFile = {
  status: 200,
  body: 'bytes',
  contentType: 'application/octet-stream',
  otherContentTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv', '*/*'],
} as const;

/** Clients that follow redirects may ask for a presigned URL instead of the bytes. */
export const download = z.object({ redirect: queryBoolean().optional() });

export const define = <const Input extends InputShape, const Ok extends Success>(
  value: Omit<Parameters<typeof operation<Input, Ok>>[0], 'api' | 'dialect'>,
) => operation<Input, Ok>({ ...value, api: 'workspace-runs', dialect });
