import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Answer, Watch } from '../../lib/client/answer.ts';

const SILENCE_MS = 20;

/** An answer of these chunks, which ends when its request does. */
function answerOf(...chunks: string[]): Answer {
  const watch = new Watch(undefined, SILENCE_MS, { what: 'getRun', secret: undefined });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      watch.signal.addEventListener('abort', () => controller.error(watch.signal.reason));
    },
  });
  return new Answer(new Response(body), watch);
}

describe('an answer that is read as it comes', () => {
  it('may be read slowly, and is given up only when nothing comes', async () => {
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of answerOf('one', 'two').chunks()) {
        read.push(Buffer.from(chunk).toString());
        await sleep(3 * SILENCE_MS);
      }
    })();

    await expect(reading).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('getRun'),
    });
    expect(read).toEqual(['one', 'two']);
  });

  it('may be left to somebody who takes longer', async () => {
    const response = answerOf('one').leave();
    await sleep(3 * SILENCE_MS);
    const { value } = (await response.body?.getReader().read()) ?? {};

    expect(Buffer.from(value ?? []).toString()).toBe('one');
  });
});
