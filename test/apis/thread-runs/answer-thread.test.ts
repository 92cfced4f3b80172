import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerThread } from '../../../lib/apis/thread-runs/answer-thread.ts';
import { LAST_DELIVERY, ProviderBusy, TransientFault } from '../../../lib/apis/thread-runs/faults.ts';
import { toThreadId } from '../../../lib/apis/thread-runs/ids.ts';
import { readThread } from '../../../lib/apis/thread-runs/read-thread.ts';
import { cancelThreadRun, createThreadRun } from '../../../lib/apis/thread-runs/runs.ts';
import type { ThreadRecord } from '../../../lib/apis/thread-runs/thread-record.ts';
import { threadRunRef } from '../../../lib/apis/thread-runs/threads.ts';
import { toThreadRun } from '../../../lib/apis/thread-runs/view.ts';
import type { Run } from '../../../lib/runs/run.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { type FakeModelServer, openFakeOpenAi } from '../../support/fake-openai.ts';
import { openThreads, type ThreadPlatform, type Threads } from './thread-platform.ts';

let model: FakeModelServer;
let threads: Threads;
let platform: ThreadPlatform;
let thread: ThreadRecord;
beforeAll(async () => {
  model = await openFakeOpenAi();
  threads = await openThreads({
    instructions: 'Be kind.',
    provider: { type: 'openai-compatible', baseUrl: `${model.url}/v1` },
  });
  platform = threads.platform;
});
afterAll(async () => {
  await threads.close();
  await model.close();
});
beforeEach(async () => {
  platform.advance(1);
  model.behave({ text: 'An answer.' });
  model.requests.length = 0;
  platform.files.contents.clear();
  thread = await threads.thread();
});

async function ask(message: string, instructions?: string): Promise<Run> {
  platform.advance(1);
  const caller = { workspaceId: A_WORKSPACE, ownerId: 'somebody' };
  const { runs } = await createThreadRun(platform, caller, toThreadId(thread.id), { message, instructions });
  return runs[0] as Run;
}

async function view(run: Run) {
  const now = await platform.runs.get(threadRunRef(A_WORKSPACE, run.id));
  return toThreadRun(now as Run);
}

const read = () => readThread(platform, A_WORKSPACE, toThreadId(thread.id));
const contents = async (): Promise<string[]> => (await read()).messages.map(({ content }) => content);
const sent = (): { role: string; content: string }[] =>
  (model.requests.at(-1)?.body.messages ?? []) as { role: string; content: string }[];

describe('an answer', () => {
  it('knows the agent, the instructions of the run and the conversation so far', async () => {
    await threads.answer((await ask('What is a run?')).id);
    await threads.answer((await ask('And a thread?', 'Answer in one word.')).id);

    const [system, ...conversation] = sent();
    expect(system?.role).toBe('system');
    expect(system?.content).toMatch(/Be kind\.[\s\S]*You help\.[\s\S]*Answer in one word\./);
    expect(conversation.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: What is a run?',
      'assistant: An answer.',
      'user: And a thread?',
    ]);
    expect(await contents()).toEqual(['What is a run?', 'An answer.', 'And a thread?', 'An answer.']);
  });

  it('leaves the oldest out when the conversation is too long, and never the question', async () => {
    const long = 'word '.repeat(790);
    for (let turn = 0; turn < 20; turn += 1) await threads.answer((await ask(`${turn} ${long}`)).id);
    await threads.answer((await ask('What was first?')).id);

    const conversation = sent().slice(1);
    expect(conversation.length).toBeLessThan(36);
    expect(conversation[0]).toMatchObject({ role: 'user' });
    expect(conversation.at(-1)?.content).toBe('What was first?');
    expect((await read()).messages).toHaveLength(42);
  });

  it('is a file when it is long, read back whole, and shown in part in lists', async () => {
    const text = `${'long '.repeat(5000)}end`;
    model.behave({ text });
    await threads.answer((await ask('Tell me everything')).id);

    const { messages, thread: info } = await read();
    expect(messages[1]?.content).toBe(text);
    expect([...platform.files.contents.keys()]).toEqual([
      expect.stringMatching(new RegExp(`^${A_WORKSPACE}/threads/${thread.id}/`)),
    ]);
    expect(info).toMatchObject({ messageCount: 2, firstMessage: 'Tell me everything', isActive: true });
    expect(info.lastMessage?.length).toBe(1000);
  });

  it('stands in the thread once, whatever is delivered twice', async () => {
    const run = await ask('Once');
    const [one, two] = await Promise.all([threads.answer(run.id, 0), threads.answer(run.id, 0)]);
    expect([one.status, two.status].sort()).toEqual(['ignored', 'succeeded']);
    expect(await threads.answer(run.id, 1)).toEqual({ status: 'ignored' });

    expect(await contents()).toEqual(['Once', 'An answer.']);
  });

  it('of a worker that lost its claim is thrown away with its file', async () => {
    const text = 'long '.repeat(5000);
    model.behave({ text, firstTokenMs: 300 });
    const run = await ask('Slow');
    const late = threads.answer(run.id, 0);
    await expect.poll(() => model.requests.length).toBe(1);
    const { runId } = toThreadRun(run);

    await cancelThreadRun(platform, A_WORKSPACE, { threadId: toThreadId(thread.id), runId });

    expect(await late).toEqual({ status: 'ignored' });
    expect(platform.files.contents.size).toBe(0);
    expect(await contents()).toEqual(['Slow']);
  });
});

describe('a model that does not answer', () => {
  it('for now is asked again, and only the last try ends the run', async () => {
    model.behave({ status: 429, times: 2, text: 'At last.' });
    const run = await ask('Hello?');
    await expect(threads.answer(run.id, 0)).rejects.toBeInstanceOf(ProviderBusy);
    expect(await view(run)).toMatchObject({ status: 'in_progress', completedAt: null });
    await expect(threads.answer(run.id, 1)).rejects.toBeInstanceOf(ProviderBusy);
    expect(await threads.answer(run.id, 2)).toEqual({ status: 'succeeded' });

    expect(await contents()).toEqual(['Hello?', 'At last.']);
  });

  it('to the end fails the run in a sentence that says nothing of the provider', async () => {
    model.behave({ status: 500 });
    const run = await ask('Hello?');
    expect(await threads.answer(run.id, LAST_DELIVERY)).toEqual({ status: 'failed' });

    const { status, errorMessage } = await view(run);
    expect(status).toBe('failed');
    expect(errorMessage).toBe('The model provider could not be reached or did not complete its answer.');
  });

  it('ever fails the run at once', async () => {
    model.behave({ status: 401 });
    const run = await ask('Hello?');
    expect(await threads.answer(run.id, 0)).toEqual({ status: 'failed' });

    const seen = await view(run);
    expect(seen).toMatchObject({ status: 'failed', errorMessage: expect.stringContaining('refused access') });
    expect(JSON.stringify(seen)).not.toMatch(/sk-|127\.0\.0\.1|header/);
    platform.advance(1);
    model.behave({ text: 'Better.' });
    await threads.answer((await ask('Again')).id);
    expect(await contents()).toEqual(['Hello?', 'Again', 'Better.']);
  });

  it('because nothing is deployed fails the run', async () => {
    const run = await ask('Anybody?');
    const agents = Object.assign(Object.create(platform.agents), { get: async () => undefined });

    await answerThread({ ...platform, agents }, threadRunRef(A_WORKSPACE, run.id), 0);

    expect(await view(run)).toMatchObject({ status: 'failed', errorMessage: 'Agent not found' });
  });
});

describe('a worker that breaks', () => {
  it.each([0, 1])('at write %i: the next delivery answers, once', async (at) => {
    const run = await ask('Hello');
    for (const when of ['before', 'after'] as const) {
      let writes = 0;
      const runs = new Proxy(platform.runs, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'commit') return value.bind(target);
          return async (...args: unknown[]) => {
            const breaks = writes++ === at;
            if (!breaks || when === 'after') await value.apply(target, args);
            if (breaks) throw new Error('the process died');
          };
        },
      });
      const delivery = when === 'before' ? 0 : 1;
      await expect(
        answerThread({ ...platform, runs }, threadRunRef(A_WORKSPACE, run.id), delivery),
      ).rejects.toBeInstanceOf(TransientFault);
    }

    const last = await threads.answer(run.id, 2);

    expect(last.status).toBe(at === 1 ? 'ignored' : 'succeeded'); // the second break came after the end
    expect(await contents()).toEqual(['Hello', 'An answer.']);
  });
});

describe('thread-run.asl.json', () => {
  const machine = JSON.parse(readFileSync('lib/machines/thread-run.asl.json', 'utf8'));
  const { AnswerThread } = machine.States;

  it('tries what may pass again, as often as the worker counts', () => {
    expect(AnswerThread.Retry[0].MaxAttempts).toBe(LAST_DELIVERY);
    expect(AnswerThread.Retry[0].ErrorEquals).toEqual(
      expect.arrayContaining([new ProviderBusy('').name, new TransientFault('').name]),
    );
  });

  it('ends within ten minutes', () => {
    expect(machine.TimeoutSeconds).toBe(600);
    expect(AnswerThread.TimeoutSeconds).toBeLessThan(600);
  });
});
