import * as z from 'zod';
import {
  anyCase,
  define,
  instant,
  instructions,
  message,
  ofRun,
  ofThread,
  page,
  paging,
  RUNS,
} from './wire.ts';

/** Every status of this API; its clients take any other word for an unknown one and poll on. */
export const WIRE_STATUSES = ['queued', 'in_progress', 'completed', 'failed', 'expired'] as const;

/** Ten members, nulls written out; `errorMessage` only on a run that failed or expired, `finishReason` only where it is not `stop`. */
export const ThreadRun = z
  .object({
    runId: z.string(),
    threadId: z.string(),
    status: z.enum(WIRE_STATUSES),
    createdAt: instant,
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    assistantId: z.string(),
    projectId: z.uuid(),
    /** Said back by the create only. */
    instructions: z.string().nullable(),
    userMessage: z.string().nullable(),
    errorMessage: z.string().optional(),
    finishReason: z.string().optional(),
  })
  .meta({ id: 'ThreadRun' });
export type ThreadRun = z.infer<typeof ThreadRun>;

export const ThreadRunPage = z
  .object({ runs: z.array(ThreadRun), threadId: z.string(), projectId: z.uuid(), ...paging })
  .meta({ id: 'ThreadRunPage' });

export const createThreadRun = define({
  operationId: 'createThreadRun',
  method: 'POST',
  path: RUNS,
  summary: 'Add a message to a thread and start the run that answers it',
  permission: 'workspace.runs.manage',
  input: { path: ofThread, body: anyCase({ message, instructions }) },
  headers: ['Idempotency-Key'],
  success: { status: 201, body: ThreadRun },
  starts: 'thread',
  failed: 'An error occurred while creating the thread run',
});

export const getThreadRun = define({
  operationId: 'getThreadRun',
  method: 'GET',
  path: `${RUNS}/{runId}`,
  summary: 'Read the status of a run',
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: ThreadRun },
  failed: 'An error occurred while checking the run status',
});

export const listThreadRuns = define({
  operationId: 'listThreadRuns',
  method: 'GET',
  path: RUNS,
  summary: 'List the runs of a thread',
  permission: 'workspace.runs.read',
  input: { path: ofThread, query: page },
  success: { status: 200, body: ThreadRunPage },
  uses: { runsBy: 'parent' },
  failed: 'An error occurred while listing the runs',
});

export const cancelThreadRun = define({
  operationId: 'cancelThreadRun',
  method: 'POST',
  path: `${RUNS}/{runId}/cancel`,
  summary: 'Cancel a run that has not ended; its thread takes the next one at once',
  permission: 'workspace.runs.manage',
  input: { path: ofRun },
  success: { status: 200, body: ThreadRun },
  errors: [409],
  isRepeatable: true,
  stops: 'thread',
  failed: 'An error occurred while cancelling the run',
});
