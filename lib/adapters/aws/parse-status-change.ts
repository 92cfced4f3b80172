import * as z from 'zod';
import { fromShortId } from '../../apis/records/short-id.ts';
import type { ExecutionReader, ExecutionState } from '../../runs/ports.ts';
import { ExecutionInput, type Run, type RunRef } from '../../runs/run.ts';
import { executionArn } from './step-functions-executor.ts';

const Details = z.object({ included: z.boolean() }).nullish();

/**
 * The `Step Functions Execution Status Change` event of EventBridge
 * (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html). The local executor
 * sends the same one.
 */
const StatusChange = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
    input: z.string().nullish(),
    inputDetails: Details,
    output: z.string().nullish(),
    outputDetails: Details,
    error: z.string().nullish(),
    cause: z.string().nullish(),
    redriveCount: z.int().min(0).nullish(),
  }),
});
type Detail = z.infer<typeof StatusChange>['detail'];

/** What the execution of a process is given says so much about its run; the rest is the process's own. */
const ProcessInput = z.object({ run_id: z.string(), workspace_id: z.uuid() });

export interface StatusChangeOfRun {
  ref: RunRef;
  state: ExecutionState;
  /** Whether the execution is that run's own, and not another one that was given the same input. */
  isOwn(run: Run): boolean;
}

/** The run that an event is about, and how its execution stands; undefined for an execution that is none of ours. */
export async function parseStatusChange(
  event: unknown,
  lookUp: ExecutionReader['lookUp'],
): Promise<StatusChangeOfRun | undefined> {
  const { detail: sent } = StatusChange.parse(event);
  const detail = await withTexts(sent, lookUp);
  const ref = refOf(parseJson(detail?.input));
  if (detail === undefined || ref === undefined || ref.runId !== detail.name) return undefined;
  return { ref, state: toState(detail), isOwn: (run) => isOwn(run, detail.executionArn) };
}

/** EventBridge leaves out input and output that are too large for it, and says so. */
async function withTexts(detail: Detail, lookUp: ExecutionReader['lookUp']): Promise<Detail | undefined> {
  const isWhole = [detail.inputDetails, detail.outputDetails].every((details) => details?.included !== false);
  if (isWhole) return detail;
  const texts = await lookUp(detail.executionArn);
  return texts && { ...detail, ...texts };
}

function refOf(input: unknown): RunRef | undefined {
  const ours = ExecutionInput.safeParse(input);
  if (ours.success) return ours.data;
  const process = ProcessInput.safeParse(input);
  const runId = process.success ? fromShortId(process.data.run_id) : undefined;
  if (!process.success || runId === undefined) return undefined;
  return { workspaceId: process.data.workspace_id, kind: 'process', runId };
}

/** Anybody in the account may start any machine by any name; only the one that the run was made on counts. */
function isOwn({ kind, input, id }: Run, arn: string): boolean {
  if (kind !== 'process') return true;
  return typeof input.stateMachineArn === 'string' && executionArn(input.stateMachineArn, id) === arn;
}

function toState(detail: Detail): ExecutionState {
  const why = { error: detail.error ?? undefined, cause: detail.cause ?? undefined };
  const redrives = detail.redriveCount ? { redrives: detail.redriveCount } : {};
  switch (detail.status) {
    case 'SUCCEEDED':
      return { ...redrives, status: 'succeeded', output: parseJson(detail.output) ?? null };
    case 'FAILED':
      return { ...redrives, status: 'failed', ...why };
    case 'TIMED_OUT':
      return { ...redrives, status: 'timed_out', ...why };
    case 'ABORTED':
      return { ...redrives, status: 'aborted', ...why };
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      return { ...redrives, status: 'running' };
  }
}

/** Somebody else's input may be anything. */
function parseJson(text: string | null | undefined): unknown {
  if (text == null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
