import * as z from 'zod';
import { Instant } from '../../../runs/run.ts';
import { ListName } from '../../../spreadsheets/lists/list-name.ts';

/** A list of a workspace. Its values stand in the file store, in a file of their own for each upload. */
export const ListRecord = z.object({
  /** Its name. */
  id: ListName,
  version: z.int().min(1),
  /** Values, without their synonyms. */
  count: z.int().min(1),
  fileKey: z.string(),
  updatedAt: Instant,
});
export type ListRecord = z.infer<typeof ListRecord>;

/** Lists of a workspace: all of them are one answer. */
export const MAX_WORKSPACE_LISTS = 200;
