import { randomUUID } from 'node:crypto';
import type { ExecutionState } from '../../../runs/ports.ts';
import { StatesError } from './language/failure.ts';
import { ExecutionTimedOut } from './language/interpreter.ts';

export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'local';

/** The name in an ARN of a machine, or of a version or alias of one: here they are all the same file. */
export const machineNameOf = (arn: string): string => arn.split(':')[6] ?? arn;

export type EndState = Exclude<ExecutionState, { status: 'none' | 'running' }>;

const STATUS = {
  running: 'RUNNING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  timed_out: 'TIMED_OUT',
  aborted: 'ABORTED',
} as const;

/**
 * What EventBridge sends for Step Functions.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export interface StatusChangeEvent {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: {
    executionArn: string;
    stateMachineArn: string;
    name: string;
    status: (typeof STATUS)[keyof typeof STATUS];
    startDate: number;
    stopDate: number | null;
    input: string;
    output: string | null;
    error: string | null;
    cause: string | null;
  };
}

export interface ExecutionFacts {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  startDate: number;
  input: unknown;
}

export function statusChange(
  facts: ExecutionFacts,
  state: EndState | { status: 'running' },
): StatusChangeEvent {
  const { executionArn, stateMachineArn, name, startDate, input } = facts;
  const now = Date.now();
  const { error = null, cause = null } = 'error' in state || 'cause' in state ? state : {};
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: LOCAL_ACCOUNT,
    time: new Date(now).toISOString(),
    region: LOCAL_REGION,
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name,
      status: STATUS[state.status],
      startDate,
      stopDate: state.status === 'running' ? null : now,
      input: JSON.stringify(input),
      output: state.status === 'succeeded' ? JSON.stringify(state.output ?? null) : null,
      error,
      cause,
    },
  };
}

/** How an execution that came to no output has ended. */
export function endOf(error: unknown, abortCause: string | undefined): EndState {
  if (abortCause !== undefined) return { status: 'aborted', cause: abortCause };
  if (error instanceof ExecutionTimedOut) return { status: 'timed_out' };
  if (!(error instanceof StatesError))
    return { status: 'failed', error: 'States.Runtime', cause: String(error) };
  const { error: name, reason } = error;
  return {
    status: 'failed',
    ...(name === '' ? {} : { error: name }),
    ...(reason === undefined ? {} : { cause: reason }),
  };
}
