import * as z from 'zod';
import type { ExecutionState } from '../../runs/ports.ts';
import { ExecutionInput, type RunRef } from '../../runs/run.ts';

/**
 * The `Step Functions Execution Status Change` event of EventBridge
 * (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html). The local executor
 * sends the same one.
 */
const StatusChange = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: z.string(),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
    input: z.string().nullish(),
    output: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** The run that an event is about, and how its execution stands; undefined for an execution that is none of ours. */
export function parseStatusChange(event: unknown): { ref: RunRef; state: ExecutionState } | undefined {
  const { detail } = StatusChange.parse(event);
  const ids = ExecutionInput.safeParse(parseJson(detail.input));
  if (!ids.success || ids.data.runId !== detail.name) return undefined;
  return { ref: ids.data, state: toState(detail) };
}

function toState(detail: z.infer<typeof StatusChange>['detail']): ExecutionState {
  const why = { error: detail.error ?? undefined, cause: detail.cause ?? undefined };
  switch (detail.status) {
    case 'SUCCEEDED':
      return { status: 'succeeded', output: parseJson(detail.output) ?? null };
    case 'FAILED':
      return { status: 'failed', ...why };
    case 'TIMED_OUT':
      return { status: 'timed_out', ...why };
    case 'ABORTED':
      return { status: 'aborted', ...why };
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      return { status: 'running' };
  }
}

/** EventBridge leaves out input and output that are too large, and somebody else's input may be anything. */
function parseJson(text: string | null | undefined): unknown {
  if (text == null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
