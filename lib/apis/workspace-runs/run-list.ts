import * as z from 'zod';
import { listRuns } from '../../runs/service.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Platform } from '../platform.ts';
import type { RunPage } from './contract.ts';
import { toRunResource, withoutNulls } from './view.ts';

const Cursor = z.strictObject({ v: z.literal(1), before: z.uuid() });

/** A page of runs, newest first. */
export async function listPage(
  platform: Pick<Platform, 'runs'>,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<z.infer<typeof RunPage>> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, Cursor).before;
  const { runs, next } = await listRuns(platform, { workspaceId, kind: 'document', limit, before });
  return {
    items: runs.map((run) => withoutNulls(toRunResource(run))),
    meta: {
      limit,
      hasMore: next !== undefined,
      ...(next === undefined ? {} : { nextCursor: encodeCursor({ v: 1, before: next }) }),
      totalIncluded: false,
      changesCursor: '0',
    },
  };
}
