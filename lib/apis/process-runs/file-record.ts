import * as z from 'zod';
import { Instant } from '../../runs/run.ts';

/** A file that a client was given a form for. */
export const FileRecord = z.object({
  id: z.string(),
  version: z.int().min(1),
  name: z.string(),
  /** The agent that it was uploaded for; without it, any of the workspace's may have it. */
  agentId: z.string().optional(),
  createdAt: Instant,
});
export type FileRecord = z.infer<typeof FileRecord>;
