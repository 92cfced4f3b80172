import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromRunId, toThreadId } from '../../../lib/apis/thread-runs/ids.ts';
import { readThread } from '../../../lib/apis/thread-runs/read-thread.ts';
import { cancelThreadRun, createThreadRun } from '../../../lib/apis/thread-runs/runs.ts';
import type { ThreadRecord } from '../../../lib/apis/thread-runs/thread-record.ts';
import { threadRunRef } from '../../../lib/apis/thread-runs/threads.ts';
import { toThreadRun } from '../../../lib/apis/thread-runs/view.ts';
import { isOpen, type Run } from '../../../lib/runs/run.ts';
import { claimRun, RUN_LIMIT_SECONDS } from '../../../lib/runs/service.ts';
import { sweepRuns } from '../../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openThreads, type ThreadPlatform, type Threads } from './thread-platform.ts';

let threads: Threads;
let platform: ThreadPlatform;
let thread: ThreadRecord;
beforeAll(async () => {
  threads = await openThreads();
  platform = threads.platform;
});
afterAll(() => threads.close());
beforeEach(async () => {
  platform.advance(1);
  platform.executor.busy = false;
  thread = await threads.thread();
});

const CALLER = { workspaceId: A_WORKSPACE, ownerId: 'somebody' };
const ACTIVE = { refusal: { category: 'conflict', message: 'Thread already has an active run' } };

async function ask(message: string, on: ThreadPlatform = platform, key?: string): Promise<Run> {
  const { runs } = await createThreadRun(on, CALLER, toThreadId(thread.id), { message }, key);
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

const said = async (): Promise<string[]> => {
  const { messages } = await readThread(platform, A_WORKSPACE, toThreadId(thread.id));
  return messages.map(({ role, content }) => `${role}: ${content}`);
};

async function openRuns(): Promise<Run[]> {
  const query = { workspaceId: A_WORKSPACE, kind: 'thread' as const, parentId: thread.id, limit: 100 };
  return (await platform.runs.listByParent(query)).runs.filter(isOpen);
}

describe('one run at a time', () => {
  it('refuses the second while the first is queued or running, and takes it once the first has ended', async () => {
    const first = await ask('one');
    await expect(ask('two')).rejects.toMatchObject(ACTIVE);
    platform.advance(1);
    expect(await threads.answer(first.id)).toEqual({ status: 'succeeded' });

    await ask('two');

    expect(await said()).toEqual(['user: one', 'assistant: one', 'user: two']);
  });

  it('lets one of fifty in, five times over', async () => {
    for (let round = 1; round <= 5; round += 1) {
      platform.advance(1);
      const tried = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => ask(`${round}/${index}`)),
      );
      const won = tried.filter((result) => result.status === 'fulfilled');
      const lost = tried.filter((result) => result.status === 'rejected');
      expect(won).toHaveLength(1);
      for (const { reason } of lost) expect(reason).toMatchObject(ACTIVE);
      const [open, ...others] = await openRuns();
      expect(others).toEqual([]);
      expect(open?.id).toBe(won[0]?.value.id);
      await threads.answer(String(open?.id));
    }
    expect(await said()).toHaveLength(10);
  });

  it('is free at once after a cancel, and what was asked stays said', async () => {
    const first = await ask('one');
    const path = { threadId: toThreadId(thread.id), runId: toThreadRun(first).runId };
    expect(fromRunId(path.runId)).toBe(first.id);

    const cancelled = await cancelThreadRun(platform, A_WORKSPACE, path);
    platform.advance(1);
    await ask('two');

    expect(toThreadRun(cancelled)).toMatchObject({ status: 'failed', errorMessage: 'Run cancelled by user' });
    expect(await threads.answer(first.id)).toEqual({ status: 'ignored' });
    expect(await said()).toEqual(['user: one', 'user: two']);
    await expect(cancelThreadRun(platform, A_WORKSPACE, path)).resolves.toMatchObject({
      status: 'cancelled',
    });
  });
});

describe('a run that dies', () => {
  it('holds its thread no longer than its own limit, even when nobody sweeps', async () => {
    const dead = await ask('one');
    platform.advance(RUN_LIMIT_SECONDS.thread);
    await expect(ask('two')).rejects.toMatchObject(ACTIVE);
    platform.advance(1);

    await ask('two');

    const ended = await platform.runs.get(threadRunRef(A_WORKSPACE, dead.id));
    expect(ended && toThreadRun(ended)).toMatchObject({ status: 'expired', errorMessage: 'Run timed out' });
    expect(await openRuns()).toHaveLength(1);
  });

  it('is closed by the sweeper when it could not be started within that limit', async () => {
    platform.executor.busy = true;
    const run = await ask('one');
    platform.advance(RUN_LIMIT_SECONDS.thread - 60);
    await sweepRuns(platform);
    await expect(ask('two')).rejects.toMatchObject(ACTIVE);
    platform.advance(301); // the sweeper leaves what it has looked at alone for five minutes
    await sweepRuns(platform);

    const ended = await platform.runs.get(threadRunRef(A_WORKSPACE, run.id));
    expect(ended && toThreadRun(ended)).toMatchObject({ status: 'failed' });
    await ask('two');
    expect(await said()).toEqual(['user: one', 'user: two']);
  });

  it('is closed by the sweeper when its machine has failed, and the thread goes on', async () => {
    const run = await ask('one');
    platform.executor.states.set(run.id, { status: 'failed', error: 'States.Runtime' });
    platform.advance(121);
    await sweepRuns(platform);

    await ask('two');

    expect(await said()).toEqual(['user: one', 'user: two']);
  });

  it('is tried again when its worker is lost after the claim, and answers once', async () => {
    const run = await ask('one');
    await claimRun(platform, threadRunRef(A_WORKSPACE, run.id), 0); // and the process dies here
    expect(await threads.answer(run.id, 0)).toEqual({ status: 'ignored' });
    expect(await threads.answer(run.id, 1)).toEqual({ status: 'succeeded' });
    expect(await threads.answer(run.id, 2)).toEqual({ status: 'ignored' });

    expect(await said()).toEqual(['user: one', 'assistant: one']);
  });
});

/** A platform that breaks at one of its writes, before or after it is done. */
function breaking(
  port: 'threads' | 'runs' | 'executor',
  method: string,
  when: 'before' | 'after',
): ThreadPlatform {
  const broken = new Proxy(platform[port], {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target);
      return async (...args: unknown[]) => {
        if (when === 'after') await value.apply(target, args);
        throw new Error('the process died');
      };
    },
  });
  return { ...platform, [port]: broken } as ThreadPlatform;
}

/** Between two writes a thread waits for a creator this long, in seconds. */
const CREATING = 5;

describe('a create that is interrupted', () => {
  it.each([
    ['threads', 'replace', 'before', 0],
    ['threads', 'replace', 'after', CREATING + 1],
    ['runs', 'insert', 'before', CREATING + 1],
  ] as const)(
    '%s.%s, %s it is done: nothing was said, and the thread is free within %i s',
    async (port, method, when, wait) => {
      await expect(ask('lost', breaking(port, method, when))).rejects.toThrow('the process died');
      if (wait > 0) await expect(ask('too early')).rejects.toMatchObject(ACTIVE);
      platform.advance(wait);

      const run = await ask('next');
      await threads.answer(run.id);

      expect(await said()).toEqual(['user: next', 'assistant: next']);
      expect((await platform.threads.get(A_WORKSPACE, thread.id))?.before.messageCount).toBe(0);
    },
  );

  it.each([
    ['runs', 'insert', 'after'],
    ['executor', 'start', 'before'],
    ['executor', 'start', 'after'],
  ] as const)(
    '%s.%s, %s it is done: the run stands, the sweeper starts it, and it is answered',
    async (port, method, when) => {
      await expect(ask('kept', breaking(port, method, when))).rejects.toThrow('the process died');
      await expect(ask('too early')).rejects.toMatchObject(ACTIVE);
      const [run] = await openRuns();
      platform.advance(121);
      await sweepRuns(platform);
      expect(platform.executor.started).toContain(run?.id);

      expect(await threads.answer(String(run?.id))).toEqual({ status: 'succeeded' });
      platform.advance(1);
      await ask('next');

      expect(await said()).toEqual(['user: kept', 'assistant: kept', 'user: next']);
    },
  );

  it('slow instead of dead: it finds its place taken, and says that the thread is busy', async () => {
    let resume = (): void => undefined;
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const slow = new Proxy(platform.runs, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'insert') return value.bind(target);
        return async (run: Run) => {
          await resumed;
          return target.insert(run);
        };
      },
    });
    const late = ask('slow', { ...platform, runs: slow }).catch((error: unknown) => error);
    while ((await platform.threads.get(A_WORKSPACE, thread.id))?.lastRun === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    platform.advance(CREATING + 1);
    const next = await ask('next');
    resume();

    expect(await late).toMatchObject(ACTIVE);
    expect((await openRuns()).map(({ id }) => id)).toEqual([next.id]);
    expect(await said()).toEqual(['user: next']);
  });

  it('under an Idempotency-Key: the repetition goes on where it was, with the same run', async () => {
    await expect(ask('kept', breaking('runs', 'insert', 'before'), 'key-1')).rejects.toThrow();
    platform.advance(31);

    const run = await ask('kept', platform, 'key-1');
    const again = await ask('kept', platform, 'key-1');

    expect(again.id).toBe(run.id);
    expect(await said()).toEqual(['user: kept']);
  });
});

describe('what an index shows late', () => {
  it('is found through the thread and the runs before', async () => {
    for (const message of ['one', 'two', 'three']) {
      platform.advance(1);
      await threads.answer((await ask(message)).id);
    }
    const blind = new Proxy(platform.runs, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'listByParent' || typeof value !== 'function')
          return typeof value === 'function' ? value.bind(target) : value;
        return async (query: Parameters<typeof target.listByParent>[0]) => {
          const { runs } = await target.listByParent(query);
          return { runs: runs.slice(2) }; // the two newest are not there yet
        };
      },
    });

    const { messages } = await readThread({ ...platform, runs: blind }, A_WORKSPACE, toThreadId(thread.id));

    expect(messages.map(({ content }) => content)).toEqual(['one', 'one', 'two', 'two', 'three', 'three']);
  });
});

describe('a clock that is set back', () => {
  it.each([0.2, 60, 3600])('by %i s: what is said stands after what was said', async (seconds) => {
    for (const message of ['m0', 'm1']) {
      await threads.answer((await ask(message)).id);
      platform.advance(1);
    }
    platform.advance(-seconds);
    for (const message of ['n0', 'n1']) await threads.answer((await ask(message)).id);
    platform.advance(seconds);

    expect((await said()).filter((line) => line.startsWith('user'))).toEqual([
      'user: m0',
      'user: m1',
      'user: n0',
      'user: n1',
    ]);
  });

  it('leaves no thread to a run that its creator will not make', async () => {
    await threads.answer((await ask('before')).id);
    const unmade = {
      ...platform,
      runs: { ...storeOf(platform), insert: () => Promise.reject(new Error('killed')) },
    };
    await expect(ask('lost', unmade as ThreadPlatform)).rejects.toThrow('killed');
    platform.advance(-3600);

    await threads.answer((await ask('after')).id);
    platform.advance(3600);

    expect((await said()).filter((line) => line.startsWith('user'))).toEqual(['user: before', 'user: after']);
  });
});

const storeOf = ({ runs }: ThreadPlatform) => ({
  get: runs.get.bind(runs),
  getMany: runs.getMany.bind(runs),
  list: runs.list.bind(runs),
  listByStatus: runs.listByStatus.bind(runs),
  listByParent: runs.listByParent.bind(runs),
  listOpen: runs.listOpen.bind(runs),
  commit: runs.commit.bind(runs),
});

describe('the age of a thread run', () => {
  it('counts from its record: one under an old id holds its thread', async () => {
    const planned = platform.newId();
    platform.advance(12 * 60);
    const kept = { ...platform, newId: () => planned };
    await ask('of now', kept);
    platform.advance(1);

    await expect(ask('another')).rejects.toMatchObject(ACTIVE);
  });
});
