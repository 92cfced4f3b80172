import { v7 as uuid } from 'uuid';
import { type DynamoStores, dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { RunsError } from '../../lib/runs/errors.ts';
import type { ExecutionState, RunExecutor, RunPlatform } from '../../lib/runs/ports.ts';
import type { Run } from '../../lib/runs/run.ts';
import { openTable } from './table.ts';

/** An executor that starts nothing: the test says what became of each execution. */
export class ScriptedExecutor implements RunExecutor {
  readonly states = new Map<string, ExecutionState>();
  readonly started: string[] = [];
  readonly stopped: string[] = [];
  busy = false;

  async start(run: Run): Promise<void> {
    if (this.busy) throw new RunsError('executor_busy', { runId: run.id });
    this.started.push(run.id);
    if (!this.states.has(run.id)) this.states.set(run.id, { status: 'running' });
  }

  async stop(run: Run): Promise<void> {
    this.stopped.push(run.id);
    this.states.set(run.id, { status: 'aborted' });
  }

  async describe(run: Run): Promise<ExecutionState> {
    return this.states.get(run.id) ?? { status: 'none' };
  }
}

export interface TestRuns extends RunPlatform, Omit<DynamoStores, 'runs' | 'log'> {
  executor: ScriptedExecutor;
  /** Moves the clock, in seconds. */
  advance(seconds: number): void;
  close(): Promise<void>;
}

/** The run core on the stores of DynamoDB, with a clock and an executor that the test holds in its hands. */
export async function openTestRuns(): Promise<TestRuns> {
  const { client, close } = await openTable('runs');
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  return {
    ...dynamoStores(client, 'runs'),
    executor: new ScriptedExecutor(),
    now: () => new Date(now),
    newId: () => uuid({ msecs: now }),
    advance: (seconds) => {
      now += seconds * 1000;
    },
    close,
  };
}
