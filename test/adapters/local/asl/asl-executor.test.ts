import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  AslExecutor,
  type AslExecutorOptions,
  type StatusChangeEvent,
  type TaskHandler,
} from '../../../../lib/adapters/local/asl/asl-executor.ts';
import { WorkerPool } from '../../../../lib/adapters/local/workers/worker-pool.ts';
import documentRun from '../../../../lib/machines/document-run.asl.json' with { type: 'json' };
import { executionInput, Run } from '../../../../lib/runs/run.ts';
import { bundledTask } from '../../../support/tasks.ts';

const sampleTask = await bundledTask(new URL('../tasks/sample-task.ts', import.meta.url));

const aRun = (id = '0197a000-0000-7000-8000-000000000001'): Run =>
  Run.parse({
    id,
    kind: 'document',
    workspaceId: '0197a000-0000-7000-8000-00000000000a',
    parentId: 'document',
    input: {},
    status: 'queued',
    version: 1,
    attempt: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
    leaseUntil: '2026-01-01T00:02:00.000Z',
  });

const run = aRun();

function anExecutor(machines: AslExecutorOptions['machines'], options: Partial<AslExecutorOptions> = {}) {
  const events: StatusChangeEvent[] = [];
  const errors: unknown[] = [];
  const executor = new AslExecutor({
    machines,
    onStatusChange: (event) => {
      events.push(event);
    },
    logger: { error: (_message, fields) => errors.push(fields) },
    ...options,
  });
  onTestFinished(() => executor.close());
  return { executor, events, errors };
}

/** The document machine with a task of the test's own, and no waiting between tries. */
function documentMachine(ProcessDocument: TaskHandler) {
  const definition = structuredClone(documentRun);
  for (const retry of definition.States.ProcessDocument.Retry) retry.IntervalSeconds = 0;
  return { document: { definition, tasks: { ProcessDocument } } };
}

const oneTask = (task: TaskHandler, state: object = {}) => ({
  document: {
    definition: {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:local:000000000000:function:Work',
          End: true,
          ...state,
        },
      },
    },
    tasks: { Work: task },
  },
});

class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** Never answers, but says when it was told to stop. */
function neverEnding() {
  const stopped = vi.fn();
  const task: TaskHandler = (_payload, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped();
        reject(signal.reason);
      });
    });
  return { task, stopped };
}

describe('AslExecutor with the document machine', () => {
  it('runs the task with the ids and tells of the success as EventBridge would', async () => {
    const payloads: unknown[] = [];
    const { executor, events } = anExecutor(
      documentMachine(async (payload) => {
        payloads.push(payload);
        return { done: true };
      }),
    );

    expect(await executor.describe(run)).toEqual({ status: 'none' });
    await executor.start(run);
    expect(await executor.describe(run)).toEqual({ status: 'running' });
    expect(await executor.ended(run.id)).toEqual({ status: 'succeeded', output: { done: true } });

    const ids = { workspaceId: run.workspaceId, runId: run.id };
    expect(payloads).toEqual([{ ...ids, delivery: 0 }]);
    expect(events).toEqual([
      expect.objectContaining({
        'detail-type': 'Step Functions Execution Status Change',
        source: 'aws.states',
        detail: {
          executionArn: `arn:aws:states:local:000000000000:execution:document:${run.id}`,
          stateMachineArn: 'arn:aws:states:local:000000000000:stateMachine:document',
          name: run.id,
          status: 'SUCCEEDED',
          startDate: expect.any(Number),
          stopDate: expect.any(Number),
          input: JSON.stringify(executionInput(run)),
          output: '{"done":true}',
          error: null,
          cause: null,
        },
      }),
    ]);
  });

  it('counts deliveries 0, 1, 2 of a transient fault, then fails', async () => {
    const deliveries: unknown[] = [];
    const { executor, events } = anExecutor(
      documentMachine(async (payload) => {
        deliveries.push((payload as { delivery: number }).delivery);
        throw new TransientFault('the table is busy');
      }),
    );
    await executor.start(run);
    const state = await executor.ended(run.id);

    expect(deliveries).toEqual([0, 1, 2]);
    expect(state).toMatchObject({ status: 'failed', error: 'TransientFault' });
    expect(events[0]?.detail).toMatchObject({
      status: 'FAILED',
      error: 'TransientFault',
      cause: '{"errorType":"TransientFault","errorMessage":"the table is busy","trace":[]}',
    });
  });

  it('does not retry other errors', async () => {
    const task = vi.fn<TaskHandler>(async () => {
      throw new TypeError('a bug');
    });
    const { executor } = anExecutor(documentMachine(task));
    await executor.start(run);

    expect(await executor.ended(run.id)).toMatchObject({ status: 'failed', error: 'TypeError' });
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('starts a name once, running or over', async () => {
    const task = vi.fn<TaskHandler>(async () => null);
    const { executor, events } = anExecutor(documentMachine(task));
    await Promise.all([executor.start(run), executor.start(run)]);
    await executor.ended(run.id);
    await executor.start(run);
    await executor.ended(run.id);

    expect(task).toHaveBeenCalledTimes(1);
    expect(events).toHaveLength(1);
  });

  it('stops: the task is told, the execution ends aborted', async () => {
    const { task, stopped } = neverEnding();
    const { executor, events } = anExecutor(documentMachine(task));
    await executor.start(run);
    await sleep(5);
    await executor.stop(run, 'Run cancelled by user');
    await executor.stop(run, 'again');

    expect(await executor.ended(run.id)).toEqual({ status: 'aborted', cause: 'Run cancelled by user' });
    expect(stopped).toHaveBeenCalledTimes(1);
    expect(events.map(({ detail }) => detail.status)).toEqual(['ABORTED']);
    await executor.stop(aRun('0197a000-0000-7000-8000-000000000002'), 'unknown');
  });

  it('does not run the task again when it is stopped between two tries', async () => {
    const task = vi.fn<TaskHandler>(async () => {
      throw new TransientFault('busy');
    });
    const retry = { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60 }] };
    const { executor } = anExecutor(oneTask(task, retry));
    await executor.start(run);
    await sleep(20);
    await executor.stop(run, 'stop');
    await executor.ended(run.id);
    await sleep(20);

    expect(task).toHaveBeenCalledTimes(1);
  });

  it('closes without a word, so that runs stay open for the next process', async () => {
    const { task, stopped } = neverEnding();
    const { executor, events } = anExecutor(documentMachine(task));
    await executor.start(run);
    await sleep(5);
    await executor.close();

    expect(stopped).toHaveBeenCalledTimes(1);
    expect(events).toEqual([]);
  });

  it('survives a settle step that fails', async () => {
    const { executor, errors } = anExecutor(
      documentMachine(async () => null),
      {
        onStatusChange: async () => {
          throw new Error('the table is busy');
        },
      },
    );
    await executor.start(run);
    await executor.ended(run.id);

    expect(errors).toHaveLength(1);
  });
});

describe('AslExecutor with worker threads', () => {
  it('frees the worker of a stopped run and retries a lost one', async () => {
    const pool = new WorkerPool({ environment: null, size: 1 });
    onTestFinished(() => pool.close());
    const works = ['spin', 'exit', 'echo'];
    const { executor } = anExecutor(
      documentMachine((_payload, { signal }) =>
        pool.run(sampleTask, { do: works.shift(), milliseconds: 60_000 }, signal),
      ),
    );
    await executor.start(run);
    await sleep(200);
    await executor.stop(run, 'Run cancelled by user');
    const next = aRun('0197a000-0000-7000-8000-000000000002');
    await executor.start(next);

    expect(await executor.ended(run.id)).toMatchObject({ status: 'aborted' });
    expect(await executor.ended(next.id)).toMatchObject({ status: 'succeeded' });
    expect(works).toEqual([]);
  });
});

describe('AslExecutor with other machines', () => {
  it('times a task out and tells it', async () => {
    const { task, stopped } = neverEnding();
    const { executor, events } = anExecutor(oneTask(task, { TimeoutSeconds: 1 }));
    await executor.start(run);

    expect(await executor.ended(run.id)).toEqual({ status: 'failed', error: 'States.Timeout' });
    expect(stopped).toHaveBeenCalledTimes(1);
    expect(events[0]?.detail).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: null });
  });

  it('times a whole machine out', async () => {
    const { task, stopped } = neverEnding();
    const { document } = oneTask(task);
    const definition = { ...document.definition, TimeoutSeconds: 1 };
    const { executor } = anExecutor({ document: { ...document, definition } });
    await executor.start(run);

    expect(await executor.ended(run.id)).toEqual({ status: 'timed_out' });
    expect(stopped).toHaveBeenCalledTimes(1);
  });

  it('does not take a long timeout for none at all', async () => {
    const task: TaskHandler = async () => {
      await sleep(30);
      return 'done';
    };
    for (const state of [{}, { TimeoutSeconds: 99_999_999 }]) {
      const { executor } = anExecutor(oneTask(task, state));
      await executor.start(run);

      expect(await executor.ended(run.id)).toEqual({ status: 'succeeded', output: 'done' });
    }
  });

  it('gives each state of a machine its own retry count, and the context its names', async () => {
    const seen: unknown[] = [];
    let fails = 1;
    const tasks: Record<string, TaskHandler> = {
      First: async (payload) => {
        seen.push(payload);
        if (fails-- > 0) throw new TransientFault('busy');
        return null;
      },
      Second: async (payload) => {
        seen.push(payload);
        return null;
      },
    };
    const state = {
      Type: 'Task',
      Resource: 'arn:aws:lambda:local:000000000000:function:Any',
      Parameters: {
        'name.$': '$$.Execution.Name',
        'machine.$': '$$.StateMachine.Name',
        'state.$': '$$.State.Name',
        'text.$': "States.Format('try {}', $$.State.RetryCount)",
      },
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 0 }],
    };
    const definition = {
      StartAt: 'First',
      States: { First: { ...state, Next: 'Second' }, Second: { ...state, End: true } },
    };
    const { executor } = anExecutor({ document: { definition, tasks } });
    await executor.start(run);
    await executor.ended(run.id);

    const names = { name: run.id, machine: 'document' };
    expect(seen).toEqual([
      { ...names, state: 'First', text: 'try 0' },
      { ...names, state: 'First', text: 'try 1' },
      { ...names, state: 'Second', text: 'try 0' },
    ]);
  });

  it('counts anew in a state that its Catch left and that is entered again', async () => {
    const counts: unknown[] = [];
    const task: TaskHandler = async (payload) => {
      counts.push((payload as { count: number }).count);
      if (counts.length < 4) throw new TransientFault('busy');
      return null;
    };
    const definition = {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:local:000000000000:function:Work',
          Parameters: { 'count.$': '$$.State.RetryCount' },
          Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 0, MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Again' }],
          End: true,
        },
        Again: { Type: 'Wait', Seconds: 0, Next: 'Work' },
      },
    };
    const { executor } = anExecutor({ document: { definition, tasks: { Work: task } } });
    await executor.start(run);
    await executor.ended(run.id);

    expect(counts).toEqual([0, 1, 0, 1]);
  });

  it('takes machine and input from the plan', async () => {
    const { executor, events } = anExecutor(
      {
        'order-check': {
          definition: { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } },
          tasks: {},
        },
      },
      { plan: () => ({ machine: 'order-check', input: { order_id: 7 } }) },
    );
    await executor.start(run);

    expect(await executor.ended(run.id)).toEqual({ status: 'succeeded', output: { order_id: 7 } });
    expect(events[0]?.detail.stateMachineArn).toMatch(/:order-check$/);
  });

  it('passes on what a Fail state says', async () => {
    const definition = {
      StartAt: 'No',
      States: { No: { Type: 'Fail', Error: 'Rejected', Cause: 'Too late' } },
    };
    const { executor } = anExecutor({ document: { definition, tasks: {} } });
    await executor.start(run);

    expect(await executor.ended(run.id)).toEqual({ status: 'failed', error: 'Rejected', cause: 'Too late' });
  });

  it('refuses what it would run wrongly', () => {
    const task: TaskHandler = async () => null;
    const { document } = oneTask(task);

    expect(() => anExecutor({ document: { ...document, tasks: {} } })).toThrow('No task for document: Work');
    expect(() => anExecutor(oneTask(task, { Next: 'Nowhere', End: undefined }))).toThrow(
      "The state 'Work' leads to 'Nowhere', and there is no such state beside it.",
    );
  });
});

describe('what has ended', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const idOf = (no: number): string => `0197a000-0000-7000-8000-${String(no).padStart(12, '0')}`;
  const OUTPUT_BYTES = 25_000;

  it('is forgotten but for its name, the oldest first, and not started again', async () => {
    let started = 0;
    const { executor } = anExecutor(
      oneTask(async () => {
        started += 1;
        return { no: started, text: String(started).padEnd(OUTPUT_BYTES, 'x') };
      }),
      { onStatusChange: () => {} },
    );
    const runs = Array.from({ length: 1_000 }, (_, no) => aRun(idOf(no)));
    const before = heap();

    for (const each of runs) {
      await executor.start(each);
      await executor.ended(each.id);
    }

    expect(heap() - before).toBeLessThan(8 * 1024 * 1024); // 25 MB of outputs went by
    const [oldest = run] = runs;
    expect(await executor.describe(oldest)).toEqual({ status: 'succeeded', output: undefined });
    expect(await executor.describe(runs.at(-1) ?? run)).toMatchObject({ output: { no: 1_000 } });
    await executor.start(oldest);
    expect(started).toBe(1_000);
  });

  it('is remembered whole while nobody was told of it', async () => {
    const { executor } = anExecutor(
      oneTask(async () => ({ text: 'x'.repeat(OUTPUT_BYTES) })),
      {
        onStatusChange: ({ detail }) => {
          if (detail.name === idOf(0)) throw new Error('The disk is full');
        },
      },
    );
    for (let no = 0; no < 200; no += 1) {
      await executor.start(aRun(idOf(no)));
      await executor.ended(idOf(no));
    }

    expect(await executor.describe(aRun(idOf(0)))).toMatchObject({ output: { text: expect.any(String) } });
    expect(await executor.describe(aRun(idOf(1)))).toEqual({ status: 'succeeded', output: undefined });
  });
});
