import { isDeepStrictEqual } from 'node:util';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { workflows } from '../../adapters/local/asl/definitions/index.ts';
import type { Workflow } from '../../adapters/local/asl/definitions/workflow.ts';

/** What a definition must come to, and what it came to. */
export interface Compared {
  workflow: Workflow;
  isSame: boolean;
  wanted: Outcome;
  found: Outcome;
}
export interface Outcome {
  status: string;
  output?: unknown;
  error?: string | undefined;
  states: string[];
}

/** It is an emulator's or a test account's: nothing is called in its name. */
const ROLE = 'arn:aws:iam::000000000000:role/workflows';
/** How many are run at once; more are refused by accounts that are new. */
const AT_ONCE = 8;
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Those that ask nobody for anything: no function, no queue. */
const runnable = workflows.filter(({ mocks, silent }) => mocks === undefined && silent === undefined);

/**
 * Runs every definition that needs no task on the Step Functions that the client speaks with, and says of each
 * whether its output, error and order of states are those that the local executor is held to.
 */
export async function compareWorkflows(client: SFNClient): Promise<Compared[]> {
  const todo = runnable.entries();
  const compared: Compared[] = [];
  const work = async (): Promise<void> => {
    for (const [no, workflow] of todo) {
      const [wanted, found] = [wantedOf(workflow), await outcomeOf(client, workflow, no)];
      compared[no] = { workflow, isSame: isDeepStrictEqual(found, wanted), wanted, found };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return compared;
}

/** Those of the machine itself: the emulator's history has no states of branches and iterations, where AWS's has. */
const inOrder = ({ definition }: Workflow, states: string[]): string[] =>
  states.filter((name) => Object.hasOwn((definition as { States: object }).States, name));

function wantedOf(workflow: Workflow): Outcome {
  const { end } = workflow;
  const states = inOrder(workflow, workflow.states);
  if (end === 'timed out') return { status: 'TIMED_OUT', states };
  if ('output' in end) return { status: 'SUCCEEDED', output: end.output, states };
  return { status: 'FAILED', ...(end.error === undefined ? {} : { error: end.error }), states };
}

async function outcomeOf(client: SFNClient, workflow: Workflow, no: number): Promise<Outcome> {
  let stateMachineArn: string | undefined;
  try {
    const made = await client.send(
      new CreateStateMachineCommand({
        ...{ name: `workflow-${no}`, roleArn: ROLE },
        definition: JSON.stringify(workflow.definition),
      }),
    );
    stateMachineArn = made.stateMachineArn;
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(workflow.input ?? {}) }),
    );
    const { status = '', output, error } = await ended(client, executionArn);
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    return {
      status,
      ...(status === 'SUCCEEDED' ? { output: JSON.parse(output ?? 'null') as unknown } : {}),
      ...(status === 'FAILED' && error !== undefined ? { error } : {}),
      states: inOrder(workflow, states),
    };
  } catch (error) {
    return { status: `refused: ${error instanceof Error ? error.message : String(error)}`, states: [] };
  } finally {
    if (stateMachineArn !== undefined) await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  }
}

async function ended(client: SFNClient, executionArn: string | undefined): Promise<DescribeExecutionOutput> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (found.status !== 'RUNNING') return found;
    if (Date.now() > end) return { ...found, status: undefined, error: 'It runs on' };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
