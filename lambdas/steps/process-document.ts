import * as z from 'zod';
import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { type Invocation, logStep } from '../../lib/apis/log/log-step.ts';
import type { WorkerPlatform } from '../../lib/apis/platform.ts';
import { type Processed, processDocument } from '../../lib/apis/workspace-runs/work/process-document.ts';

const Task = z.object({ workspaceId: z.uuid(), runId: z.uuid(), delivery: z.int().min(0) });

/** The ProcessDocument state of `document-run`. */
export const processDocumentTask =
  (platform: () => WorkerPlatform) =>
  async (task: unknown, invocation?: Invocation): Promise<Processed> => {
    const { workspaceId, runId, delivery } = Task.parse(task);
    return logStep(
      platform(),
      { step: 'process-document', invocation, workspaceId, runId, delivery },
      (logged) => processDocument(logged, { workspaceId, kind: 'document', runId }, delivery),
    );
  };

export const handler = processDocumentTask(filesPlatform);
