import * as z from 'zod';
import { Instant } from '../../runs/run.ts';

/**
 * A conversation with an agent. It names its latest run, and that one write decides who may start it: while
 * the named run is open, no other begins. What was said stands in the runs themselves.
 */
export const ThreadRecord = z.object({
  id: z.uuid(),
  version: z.int().min(1),
  agentId: z.string(),
  createdAt: Instant,
  /** `at` is when it was named: the run itself comes with the next write. */
  lastRun: z.object({ runId: z.uuid(), at: Instant }).optional(),
  /** What had been said when the latest run was named. Together with that run it is all that has been said. */
  before: z
    .object({
      messageCount: z.int().min(0),
      firstMessage: z.string().optional(),
      lastMessage: z.string().optional(),
      lastActivityAt: Instant.optional(),
    })
    .default({ messageCount: 0 }),
});
export type ThreadRecord = z.infer<typeof ThreadRecord>;
