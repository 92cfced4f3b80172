import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '../../lib/agents/index.ts';
import { answer, stream } from '../../lib/agents/run-agent.ts';
import { aPlatform, aRequest, aVersion, partsOf, textOf, typesOf } from './builders.ts';

const open = (request: Partial<AgentRequest> = {}) => stream(aRequest(request), aPlatform());

describe('echo', () => {
  it('says the last message of the user again and counts words', async () => {
    expect(await answer(aRequest(), aPlatform())).toEqual({
      messages: [{ role: 'assistant', content: 'Hello Ada' }],
      text: 'Hello Ada',
      usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
      finishReason: 'stop',
      modelId: 'echo',
    });
  });

  it('streams the same, word by word', async () => {
    const text = '  Hello,\n\nwide   world ';
    const run = open({ version: aVersion({ messages: [{ role: 'user', content: text }] }) });

    const parts = await partsOf(run);

    expect(textOf(parts)).toBe(text);
    expect(typesOf(parts).filter((type) => type === 'text-delta')).toHaveLength(3);
    expect(run.summary()).toMatchObject({
      status: 'succeeded',
      text,
      modelId: 'echo',
      usage: { inputTokens: 3, outputTokens: 3, totalTokens: 6 },
    });
  });

  it('keeps its name, heeds the limit and answers in JSON when asked to', async () => {
    const limited = await answer(
      aRequest({ overrides: { model: 'other', maxOutputTokens: 1 } }),
      aPlatform(),
    );
    expect(limited).toMatchObject({ text: 'Hello ', finishReason: 'length', modelId: 'echo' });

    const json = await answer(aRequest({ version: aVersion({ output: 'json' }) }), aPlatform());
    expect(JSON.parse(json.text)).toEqual({ echo: 'Hello Ada' });
  });

  it('names pictures without fetching them', async () => {
    const image = 'https://example.invalid/a.png';
    const version = aVersion({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image', image },
          ],
        },
      ],
    });

    expect((await answer(aRequest({ version }), aPlatform())).text).toBe('See\n[file]');
  });

  it('takes its time when told to, and stops when nobody listens', async () => {
    const controller = new AbortController();
    const run = open({ provider: { type: 'echo', msPerWord: 40 }, signal: controller.signal });
    const startedAt = performance.now();

    for await (const part of run) if (part.type === 'text-delta') controller.abort();

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(35);
    expect(run.summary()).toMatchObject({ status: 'cancelled', text: 'Hello ', usage: { estimated: true } });
    await expect(
      answer(aRequest({ provider: { type: 'echo', msPerWord: 1_000 }, timeoutMs: 50 }), aPlatform()),
    ).rejects.toMatchObject({ code: 'provider_timeout' });
  });

  it('has succeeded for a reader who stops at the last part', async () => {
    const run = open();

    for await (const part of run) if (part.type === 'finish') break;

    expect(run.summary().status).toBe('succeeded');
  });
});
