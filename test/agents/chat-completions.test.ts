import { describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../lib/agents/bounded-answer.ts';
import { readCompletions } from '../../lib/agents/chat-completions.ts';

const chunk = (choice: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ choices: [choice], ...rest })}\n\n`;
const HELLO = chunk({ delta: { content: 'Hé 🎉' }, finish_reason: null });
const STOP = chunk({ delta: {}, finish_reason: 'stop' });
const USAGE = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7 } })}\n\n`;
const DONE = 'data: [DONE]\n\n';

/** What is read of a body that comes in these pieces, its connection held open unless it is told to end. */
async function read(pieces: (string | Uint8Array)[], { stream = true, ends = false } = {}) {
  let cancelled = false;
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? Buffer.from(piece) : piece);
      }
      if (ends) controller.close();
    },
    cancel() {
      cancelled = true;
    },
  });
  const send = readCompletions(async () => new Response(body, { headers: { 'x-a': 'b' } }));
  const startedAt = performance.now();
  const response = await send('http://127.0.0.1/', { method: 'POST', body: JSON.stringify({ stream }) });
  const text = await response.text();
  expect(response.headers.get('x-a')).toBe('b');
  return { text, cancelled, milliseconds: performance.now() - startedAt };
}

describe('readCompletions', () => {
  it('passes a stream on as it is, in whatever pieces it comes', async () => {
    const whole = `: hello\n\n${HELLO}${STOP}${USAGE}`;
    const bytes = [...Buffer.from(whole)].map((byte) => Uint8Array.of(byte));

    expect((await read(bytes, { ends: true })).text.trimEnd()).toBe(whole.trimEnd());
    const crlf = whole.replaceAll('\n', '\r\n');
    expect((await read([crlf], { ends: true })).text.trimEnd()).toBe(crlf.trimEnd());
  });

  it.each([
    ['[DONE]', [HELLO, STOP, DONE]],
    ['[DONE] without its line', [HELLO, STOP, 'data: [DONE]']],
    [
      'a reason with usage',
      [HELLO, chunk({ delta: {}, finish_reason: 'stop' }, { usage: { prompt_tokens: 1 } })],
    ],
    ['usage after the reason, its blank line missing', [HELLO, STOP, USAGE.trimEnd(), '\n']],
  ])('ends at %s, completes the last event and lets the connection go', async (_, pieces) => {
    const { text, cancelled, milliseconds } = await read(pieces);

    expect(text).toMatch(/\n\n$/);
    expect(text.startsWith(HELLO)).toBe(true);
    expect(cancelled).toBe(true);
    expect(milliseconds).toBeLessThan(2_000);
  });

  it('does not end at usage before the reason, nor hear what comes after the end', async () => {
    const early = chunk({ delta: { content: 'a' }, finish_reason: '' }, { usage: { prompt_tokens: 1 } });

    const { text } = await read([early, HELLO, STOP, USAGE, DONE, HELLO]);

    expect(text.startsWith(`${early}${HELLO}${STOP}${USAGE}`)).toBe(true);
    expect(text.split(HELLO)).toHaveLength(2);
  });

  it('waits seconds for usage after the reason, and no longer', async () => {
    const { cancelled, milliseconds } = await read([HELLO, STOP]);

    expect(cancelled).toBe(true);
    expect(milliseconds).toBeGreaterThan(3_000);
    expect(milliseconds).toBeLessThan(9_000);
  });

  it('takes a refusal for the text and leaves calls of tools out, whole and in parts', async () => {
    const refused = {
      delta: { content: null, refusal: 'No.', tool_calls: [{ index: 0 }] },
      finish_reason: null,
    };
    expect((await read([chunk(refused), DONE])).text).toContain('"content":"No."');
    expect((await read([chunk(refused), DONE])).text).not.toContain('tool_calls');

    const message = { content: null, refusal: 'No.', tool_calls: [{}] };
    const whole = JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] });
    const answer = await read([whole.slice(0, 30), whole.slice(30)], { stream: false });
    expect(JSON.parse(answer.text).choices[0].message).toEqual({ content: 'No.', refusal: 'No.' });
    expect(answer.cancelled).toBe(true);
    expect(answer.milliseconds).toBeLessThan(2_000);
  });

  it('leaves what is no JSON to who reads it', async () => {
    for (const stream of [true, false]) {
      const { text } = await read(['data: {"choices"}', '\n<html>}'], { stream, ends: true });
      expect(text.trimEnd()).toBe('data: {"choices"}\n<html>}');
    }
  });

  it('looks at every byte once, however many pieces it comes in', async () => {
    const line = ['data: ', ...Array.from({ length: 4000 }, () => 'a'.repeat(4000))];
    const braces = ['{"choices":[{}', ...Array.from({ length: 4000 }, () => `,${'{"a":"}"}'.repeat(400)}{}`)];

    const long = await read(line, { ends: true });
    const whole = await read([...braces, ']}'], { stream: false, ends: true });

    expect(long.text.length).toBeGreaterThan(16_000_000);
    expect(whole.text.length).toBeGreaterThan(14_000_000);
    expect(long.milliseconds + whole.milliseconds).toBeLessThan(5_000);
  });

  it('ends at the brace of the answer, not at one in a text or of something in it', async () => {
    const answer = '{"choices":[{"message":{"content":"}\\"}"}}]}';
    const pieces = answer.split(/(?<=\})/);

    const { text, cancelled } = await read([...pieces, '\n'], { stream: false });

    expect([text.trimEnd(), cancelled]).toEqual([answer, true]);
  });

  it.each([true, false])('fails, and lets go of, what never ends: streamed %s', async (stream) => {
    for (const status of [200, 500]) {
      let isCancelled = false;
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(Buffer.alloc(1_048_576, 'a')),
        cancel() {
          isCancelled = true;
        },
      });
      const send = readCompletions(async () => new Response(body, { status }));
      const response = await send('http://127.0.0.1/', { method: 'POST', body: JSON.stringify({ stream }) });

      await expect(response.text()).rejects.toMatchObject({
        name: 'AgentFailure',
        code: 'no_answer',
        message: expect.stringContaining(`${MAX_ANSWER_BYTES}`),
      });
      expect(isCancelled).toBe(true);
    }
  });
});
