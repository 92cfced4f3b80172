import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../lib/agents/bounded-answer.ts';
import { aDefinition, latestRun, makeAgent } from '../support/agents.ts';
import { type Behaviour, type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let server: FakeModelServer;
let agentId: string;
let jsonAgentId: string;

beforeAll(async () => {
  [platform, server] = await Promise.all([startTestPlatform(), openFakeOpenAi()]);
  const provider = {
    settings: { type: 'openai-compatible', baseUrl: `${server.url}/v1` },
    providerId: 'fake',
  };
  agentId = await makeAgent(platform, provider);
  const definition = { ...aDefinition('fake'), output: 'json' };
  jsonAgentId = await makeAgent(platform, { ...provider, definition });
});
afterAll(async () => {
  await platform.close();
  await server.close();
});

/** The answers to one question: whole, in parts, in a thread and in a chat, each from a model that is asked once. */
async function ask(behaviour: Behaviour, of = agentId) {
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    server.requests.length = 0;
    server.behave(behaviour);
    const answer = await work();
    expect(server.requests).toHaveLength(1);
    await vi.waitFor(() =>
      expect(server.requests[0]).toSatisfy((seen) => seen.completed || seen.closedEarly),
    );
    return answer;
  };
  const record = async () => {
    const { id } = await latestRun(platform, of);
    const { body } = await platform.call('GET', `/api/v1/agents/${of}/runs/${id}`);
    return body;
  };
  const run = (json: object) => platform.call('POST', '/api/v1/run', { json: { agent_id: of, ...json } });

  const whole = await once(() => run({}));
  const wholeRecord = await record();
  const streamed = await once(() => run({ stream: true }));
  const streamRecord = await record();
  const project = `/api/projects/${platform.demo.workspaceId}`;
  const thread = await platform.call('POST', `${project}/threads`, { json: { agentId: `asst_${of}` } });
  const threadPath = `${project}/threads/${thread.body.threadId}`;
  const threadRun = await once(async () => {
    const { body } = await platform.call('POST', `${threadPath}/runs`, { json: { message: 'Hello' } });
    for (;;) {
      const seen = await platform.call('GET', `${threadPath}/runs/${body.runId}`);
      if (!['queued', 'in_progress'].includes(seen.body.status)) return seen.body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const { body: detail } = await platform.call('GET', threadPath);
  const chatted = await once(() =>
    platform.call('POST', `${project}/chat`, {
      json: { message: 'Hello', threadId: thread.body.threadId },
    }),
  );
  const parts = String(streamed.body)
    .split('\r\n\r\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice('data: '.length)));
  return { whole, wholeRecord, parts, streamRecord, threadRun, messages: detail.messages, chatted };
}

const textOf = (parts: { type: string; text?: string }[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

const answers: [title: string, behaviour: Behaviour, text: string, finishReason: string][] = [
  ['a text', { text: 'Just that.' }, 'Just that.', 'stop'],
  [
    'a text before a call of a tool',
    { text: 'Let me look that up.', toolCall: 'get_weather', finishReason: 'tool_calls' },
    'Let me look that up.',
    'tool-calls',
  ],
  ['a refusal', { refusal: 'I cannot help with that.' }, 'I cannot help with that.', 'stop'],
  [
    'a text that a filter cut',
    { text: 'The first part', finishReason: 'content_filter' },
    'The first part',
    'content-filter',
  ],
  ['a text that was too long', { text: 'Once upon a', finishReason: 'length' }, 'Once upon a', 'length'],
  ['an open connection after [DONE]', { text: 'So it is.', hold: 'after done' }, 'So it is.', 'stop'],
  ['an open connection without it', { text: 'So it is.', hold: 'after usage' }, 'So it is.', 'stop'],
  [
    'a cut text on an open connection',
    { text: 'So it', finishReason: 'length', hold: 'after done' },
    'So it',
    'length',
  ],
  ['usage that comes late', { text: 'So it is.', usageAfterMs: 1_000 }, 'So it is.', 'stop'],
  [
    'a text that speaks of [DONE]',
    { text: 'It ends with data: [DONE]\n\nand so on.' },
    'It ends with data: [DONE]\n\nand so on.',
    'stop',
  ],
];

/** Of an agent that is to answer with JSON, whose callers are told when it does not. */
const jsonAnswers: typeof answers = [
  ['JSON', { text: '{"ok": true}' }, '{"ok": true}', 'stop'],
  ['a refusal', { refusal: 'I cannot help with that.' }, 'I cannot help with that.', 'content-filter'],
  [
    'a refusal that was too long',
    { refusal: 'I cannot help with', finishReason: 'length' },
    'I cannot help with',
    'content-filter',
  ],
  [
    'a refusal whose reason is called so',
    { refusal: 'I cannot help with that.', finishReason: 'refusal' },
    'I cannot help with that.',
    'content-filter',
  ],
  [
    "a filter's own text",
    { text: 'Not about that.', finishReason: 'content_filter' },
    'Not about that.',
    'content-filter',
  ],
];

describe('a model that answers', () => {
  it.each([
    ...answers.map((answer) => [...answer, 'text'] as const),
    ...jsonAnswers.map((answer) => [...answer, 'json'] as const),
  ])('%s', async (_, behaviour, text, finishReason, output) => {
    const startedAt = performance.now();
    const seen = await ask(behaviour, output === 'json' ? jsonAgentId : agentId);
    const said = finishReason === 'stop' ? {} : { finishReason };

    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(seen.whole).toMatchObject({ status: 200 });
    expect(seen.whole.body).toEqual({ messages: [{ role: 'assistant', content: text }], text, ...said });
    expect(textOf(seen.parts)).toBe(text);
    expect(seen.parts.filter(({ type }) => type === 'start-step')).toHaveLength(1);
    expect(seen.parts.at(-1)).toMatchObject({ type: 'finish', finishReason });
    for (const record of [seen.wholeRecord, seen.streamRecord]) {
      expect(record).toMatchObject({ status: 'succeeded', finishReason, failure: null });
      expect(record.usage).toMatchObject({ inputTokens: 11, estimated: false });
    }
    expect(seen.threadRun).toMatchObject({ status: 'completed', ...said });
    expect(Object.keys(seen.threadRun)).toHaveLength(finishReason === 'stop' ? 10 : 11);
    expect(seen.messages.at(-1)).toMatchObject({ role: 'assistant', content: text });
    expect(seen.chatted).toMatchObject({ status: 200, body: { response: text, ...said } });
    expect('finishReason' in seen.chatted.body).toBe(finishReason !== 'stop');
  });
});

const silences: [title: string, behaviour: Behaviour, code: string, finishReason: string][] = [
  [
    'a call of a tool',
    { text: '', toolCall: 'get_weather', finishReason: 'tool_calls' },
    'no_answer',
    'tool-calls',
  ],
  ['an empty text', { text: '' }, 'no_answer', 'stop'],
  ['a filter', { text: '', finishReason: 'content_filter' }, 'content_filtered', 'content-filter'],
  ['a limit', { text: '', finishReason: 'length' }, 'no_answer', 'length'],
];

describe('a model that answers nothing', () => {
  it.each(silences)('but %s has failed, and is billed', async (_, behaviour, code, finishReason) => {
    const seen = await ask(behaviour);

    expect(seen.whole).toMatchObject({ status: 500, body: { message: 'Error processing agent run' } });
    expect(seen.parts.at(-1)).toMatchObject({ type: 'error' });
    for (const record of [seen.wholeRecord, seen.streamRecord]) {
      expect(record).toMatchObject({ status: 'failed', finishReason, failure: { code } });
      expect(record.usage).toMatchObject({ inputTokens: 11, estimated: false });
    }
    expect(seen.threadRun).toMatchObject({ status: 'failed', errorMessage: expect.stringMatching(/\.$/) });
    expect(seen.messages.at(-1)).toMatchObject({ role: 'user' });
    expect(seen.chatted).toMatchObject({
      status: 502,
      body: { message: expect.stringMatching(/\.$/) },
    });
  });
});

it('an answer that never ends has failed, in seconds', async () => {
  server.behave({ garbageAfter: 1, garbage: Buffer.alloc(MAX_ANSWER_BYTES + 1, 'a') });
  const startedAt = performance.now();

  const answer = await platform.call('POST', '/api/v1/run', { json: { agent_id: agentId } });

  expect(answer).toMatchObject({ status: 500, body: { message: 'Error processing agent run' } });
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  const { id } = await latestRun(platform, agentId);
  const { body } = await platform.call('GET', `/api/v1/agents/${agentId}/runs/${id}`);
  expect(body).toMatchObject({ status: 'failed', failure: { code: 'no_answer' } });
});
