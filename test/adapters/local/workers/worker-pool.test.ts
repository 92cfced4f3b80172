import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WorkerPool, type WorkerPoolOptions } from '../../../../lib/adapters/local/workers/worker-pool.ts';
import { bundledTask } from '../../../support/tasks.ts';

const task = await bundledTask(new URL('../tasks/sample-task.ts', import.meta.url));

function aPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  const pool = new WorkerPool({ environment: { folder: '/tmp' }, size: 1, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

const threadOf = (result: unknown) => (result as { threadId: number }).threadId;

describe('WorkerPool', () => {
  it('hands payload and environment to the task and its result back', async () => {
    const pool = aPool();

    const result = await pool.run(task, { do: 'echo', rows: [1, null] });

    expect(result).toEqual({
      payload: { do: 'echo', rows: [1, null] },
      environment: { folder: '/tmp' },
      threadId: expect.any(Number),
    });
  });

  it('keeps the worker warm, also after an error', async () => {
    const pool = aPool();
    const first = await pool.run(task, { do: 'echo' });
    await expect(pool.run(task, { do: 'fail' })).rejects.toMatchObject({
      name: 'TransientFault',
      message: 'the table is busy',
    });

    expect(threadOf(await pool.run(task, { do: 'echo' }))).toBe(threadOf(first));
  });

  it('loads a module ahead in the worker that then runs it', async () => {
    const pool = aPool({ size: 2 });
    await pool.warm(task);
    const [first, second] = await Promise.all([
      pool.run(task, { do: 'echo' }),
      pool.run(task, { do: 'echo' }),
    ]);

    expect(threadOf(first)).toBeLessThan(threadOf(second));
    await expect(pool.warm(new URL('file:///nowhere.mjs'))).rejects.toThrow('nowhere.mjs');
  });

  it('does not stall the process while a task computes', async () => {
    const pool = aPool();
    await pool.run(task, { do: 'echo' });
    const working = pool.run(task, { do: 'spin', milliseconds: 300 });
    const before = Date.now();
    await sleep(10);

    expect(Date.now() - before).toBeLessThan(150);
    await working;
  });

  it('works on as many tasks at once as it has workers', async () => {
    const pool = aPool({ size: 2 });
    const results = await Promise.all(
      Array.from({ length: 4 }, () => pool.run(task, { do: 'sleep', milliseconds: 50 })),
    );

    expect(new Set(results.map(threadOf)).size).toBe(2);
  });

  it.each(['crash', 'exit'])('replaces a worker that ends by %s', async (what) => {
    const pool = aPool();

    await expect(pool.run(task, { do: what })).rejects.toMatchObject({ name: 'Lambda.Unknown' });
    await expect(pool.run(task, { do: 'echo' })).resolves.toBeDefined();
  });

  it('outlives a task that takes all memory', async () => {
    const pool = aPool({ memoryMegabytes: 64 });

    await expect(pool.run(task, { do: 'hog' })).rejects.toMatchObject({ name: 'Lambda.Unknown' });
    await expect(pool.run(task, { do: 'echo' })).resolves.toBeDefined();
  });

  it('ends the worker of an aborted task and starts a fresh one', async () => {
    const pool = aPool();
    const first = await pool.run(task, { do: 'echo' });
    const aborting = new AbortController();
    const spinning = pool.run(task, { do: 'spin', milliseconds: 60_000 }, aborting.signal);
    const next = pool.run(task, { do: 'echo' });
    aborting.abort(new Error('cancelled'));

    await expect(spinning).rejects.toThrow('cancelled');
    expect(threadOf(await next)).not.toBe(threadOf(first));
  });

  it('drops a task that is aborted while it waits', async () => {
    const pool = aPool();
    const working = pool.run(task, { do: 'sleep', milliseconds: 100 });
    const aborting = new AbortController();
    const waiting = pool.run(task, { do: 'echo' }, aborting.signal);
    aborting.abort(new Error('cancelled'));

    await expect(waiting).rejects.toThrow('cancelled');
    await expect(working).resolves.toBeDefined();
  });

  it('rejects what is running and waiting when it closes, and everything after', async () => {
    const pool = aPool();
    const working = expect(pool.run(task, { do: 'spin', milliseconds: 60_000 })).rejects.toThrow();
    const waiting = expect(pool.run(task, { do: 'echo' })).rejects.toThrow('closed');
    await sleep(50);

    await pool.close();

    await working;
    await waiting;
    await expect(pool.run(task, { do: 'echo' })).rejects.toThrow('closed');
  });

  it('says that a module is missing', async () => {
    await expect(aPool().run(new URL('file:///nowhere.mjs'), {})).rejects.toThrow('nowhere.mjs');
  });
});
