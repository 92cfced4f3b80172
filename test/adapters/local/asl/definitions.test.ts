import { describe, expect, it } from 'vitest';
import { ExecutionTasks, type TaskHandler } from '../../../../lib/adapters/local/asl/execution-tasks.ts';
import { readMachine, statesOf } from '../../../../lib/adapters/local/asl/language/definition.ts';
import { execute } from '../../../../lib/adapters/local/asl/language/interpreter.ts';
import { mockedTask, readMocks } from '../../../../lib/adapters/local/asl/mocks.ts';
import { endOf } from '../../../../lib/adapters/local/asl/status-change-event.ts';
import { TaskTokens } from '../../../../lib/adapters/local/asl/task-tokens.ts';
import { workflows } from './definitions/index.ts';
import type { Workflow } from './definitions/workflow.ts';

/** How much faster the time of these executions goes. */
const HASTE = 20;

/** The world as it is, but for its time, which also says what is entered. */
class Watched extends ExecutionTasks {
  readonly entered: string[] = [];

  override wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return super.wait(milliseconds / HASTE, signal);
  }

  onState(moment: 'entered' | 'exited', state: string): void {
    if (moment === 'entered') this.entered.push(state);
  }
}

const FACTS = {
  execution: { Id: 'arn:aws:states:local:0:execution:m:e', Name: 'e', RoleArn: 'arn:aws:iam::0:role/local' },
  stateMachine: { Id: 'arn:aws:states:local:0:stateMachine:m', Name: 'm' },
};

async function run({ definition, input = {}, mocks = {}, silent = [] }: Workflow) {
  const machine = readMachine(definition);
  const tasks = statesOf(machine).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : []));
  const answers = readMocks(mocks, new Set(tasks));
  const handlers = tasks.map((name): [string, TaskHandler] => [
    name,
    silent.includes(name)
      ? (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
      : mockedTask(answers.get(name) ?? []),
  ]);
  const world = new Watched(Object.fromEntries(handlers), new TaskTokens(), new Set(answers.keys()));
  const end = await execute(machine, input, FACTS, world, new AbortController().signal).then(
    (output) => ({ status: 'succeeded' as const, output }),
    (error: unknown) => endOf(error, undefined),
  );
  return { end, entered: world.entered };
}

function wantedOf({ end }: Workflow): object {
  if (end === 'timed out') return { status: 'timed_out' };
  if ('output' in end) return { status: 'succeeded', output: end.output };
  const { error, cause } = end;
  const told = cause instanceof RegExp ? expect.stringMatching(cause) : cause;
  return { status: 'failed', error, ...(told === undefined ? {} : { cause: told }) };
}

describe('definitions', () => {
  it('are many, each with a name of its own', () => {
    expect(workflows.length).toBeGreaterThan(60);
    expect(new Set(workflows.map(({ name, input }) => `${name} ${JSON.stringify(input)}`)).size).toBe(
      workflows.length,
    );
  });

  it.each(workflows)('$name', async (workflow) => {
    const { end, entered } = await run(workflow);

    const { states, inAnyOrder = false } = workflow;
    const given = { status: end.status, ...('error' in end ? { error: end.error } : {}) };
    expect({ error: undefined, ...given, ...end }).toMatchObject({ error: undefined, ...wantedOf(workflow) });
    if (inAnyOrder) expect(entered.toSorted()).toEqual(states.toSorted());
    else expect(entered).toEqual(states);
  });
});
