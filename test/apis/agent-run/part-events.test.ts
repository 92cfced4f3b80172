import { describe, expect, it } from 'vitest';
import type { Part } from '../../../lib/agents/index.ts';
import { partEvents } from '../../../lib/apis/agent-run/part-events.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function* parts(...steps: (Part | number)[]): AsyncGenerator<Part> {
  for (const step of steps) {
    if (typeof step === 'number') await pause(step);
    else yield step;
  }
}

async function read(source: AsyncIterable<Part>, pingMs?: number): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of partEvents(source, pingMs)) chunks.push(Buffer.from(chunk).toString());
  return chunks;
}

const delta = (text: string): Part => ({ type: 'text-delta', id: '0', text });

describe('events of a run', () => {
  it('are one chunk each, of one line of JSON, with nothing after the last', async () => {
    expect(await read(parts({ type: 'start' }, delta('a\r\n\r\nb')))).toEqual([
      'data: {"type":"start"}\r\n\r\n',
      'data: {"type":"text-delta","id":"0","text":"a\\r\\n\\r\\nb"}\r\n\r\n',
    ]);
  });

  it('have comments between them while the model is silent, and lose none', async () => {
    const chunks = await read(parts(delta('a'), 70, delta('b'), 70), 20);

    expect(chunks.filter((chunk) => /^: ping \d+\r\n\r\n$/.test(chunk)).length).toBeGreaterThanOrEqual(4);
    expect(chunks.filter((chunk) => chunk.startsWith('data:')).join('')).toMatch(/"a".*\r\n\r\n.*"b"/);
  });

  it('end the run when nobody reads on', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Part> {
      try {
        for (;;) yield delta('x');
      } finally {
        ended = true;
      }
    }

    for await (const _chunk of partEvents(endless())) break;

    expect(ended).toBe(true);
  });
});
