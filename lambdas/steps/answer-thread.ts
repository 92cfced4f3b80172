import * as z from 'zod';
import { modelPlatform } from '../../lib/adapters/aws/platform.ts';
import { type Invocation, logStep } from '../../lib/apis/log/log-step.ts';
import type { AnswerPlatform } from '../../lib/apis/thread-runs/answer-as.ts';
import { type Answered, answerThread } from '../../lib/apis/thread-runs/answer-thread.ts';

const Task = z.object({ workspaceId: z.uuid(), runId: z.uuid(), delivery: z.int().min(0) });

/** The AnswerThread state of `thread-run`. */
export const answerThreadTask =
  (platform: () => AnswerPlatform) =>
  async (task: unknown, invocation?: Invocation): Promise<Answered> => {
    const { workspaceId, runId, delivery } = Task.parse(task);
    return logStep(
      platform(),
      { step: 'answer-thread', invocation, workspaceId, runId, delivery },
      (logged) => answerThread(logged, { workspaceId, kind: 'thread', runId }, delivery),
    );
  };

export const handler = answerThreadTask(modelPlatform);
