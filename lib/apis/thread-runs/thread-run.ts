import * as z from 'zod';
import { Instant, type Run } from '../../runs/run.ts';

/** What a thread's run is asked. It is the thread's record of what its user said, so nothing is left out. */
const ThreadRunInput = z.object({
  agentId: z.string(),
  message: z.string(),
  instructions: z.string().optional(),
  /** Who said it: the subject of a token, or the owner of a key. */
  userId: z.string().optional(),
  /** The run that the thread named before: see `runsOf`. */
  previousRunId: z.uuid().optional(),
});
export type ThreadRunInput = z.infer<typeof ThreadRunInput>;

/**
 * What a run of a thread came to. A short answer stands in the run; a longer one is a file: DynamoDB takes
 * 400 KB an item and charges by the KB for every write of it and every read of its thread.
 */
const ThreadRunResult = z.object({
  answer: z.union([
    z.object({ createdAt: Instant, text: z.string() }),
    z.object({ createdAt: Instant, fileKey: z.string(), beginning: z.string() }),
  ]),
  agentVersion: z.int(),
  modelId: z.string(),
  usage: z.record(z.string(), z.unknown()),
  /** Why the answer ends where it does, when that is not `stop`. */
  finishReason: z.string().optional(),
});
export type ThreadRunResult = z.infer<typeof ThreadRunResult>;
export type StoredAnswer = ThreadRunResult['answer'];

export const threadRunInput = (run: Pick<Run, 'input'>): ThreadRunInput => ThreadRunInput.parse(run.input);

/** What a run that succeeded answered. */
export const answerOf = (run: Run): StoredAnswer | undefined =>
  run.status === 'succeeded' ? ThreadRunResult.parse(run.result).answer : undefined;

/** Why the answer of a run that succeeded ends where it does, when that is not `stop`. */
export const finishReasonOf = (run: Run): string | undefined =>
  run.status === 'succeeded' ? ThreadRunResult.parse(run.result).finishReason : undefined;

/** How the answer begins, for lists. */
export const beginningOf = (answer: StoredAnswer): string =>
  'text' in answer ? answer.text : answer.beginning;
