import { describe, expect, it } from 'vitest';
import { type ServerSentEvent, serverSentEvents } from '../../lib/client/sse.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(bytes())) events.push(event);
  return events;
}

const message = (data: string, more: Partial<ServerSentEvent> = {}): ServerSentEvent => ({
  id: undefined,
  event: undefined,
  data,
  ...more,
});

describe('server-sent events', () => {
  const STREAM =
    '\uFEFF: hello\r\nid: 7\r\nevent: message\r\ndata: {"text":"Ünïcödé 漢字 🎉"}\r\n\r\n' +
    'event: keepalive\r\ndata: {}\r\n\r\ndata: one\r\ndata: two\r\n\r\n';
  const EVENTS = [
    message('{"text":"Ünïcödé 漢字 🎉"}', { id: '7', event: 'message' }),
    message('{}', { event: 'keepalive' }),
    message('one\ntwo'),
  ];

  it.each([
    ['CR LF', STREAM],
    ['LF', STREAM.replaceAll('\r\n', '\n')],
    ['CR', STREAM.replaceAll('\r\n', '\r')],
  ])('may be cut into chunks at any byte, with %s', async (_ends, text) => {
    const bytes = Buffer.from(text);

    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at)), `cut at ${at}`).toEqual(EVENTS);
    }
    expect(await read(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(EVENTS);
  });

  it('have no data in comments, and nothing without data', async () => {
    expect(await read(': ping\n\nid: 3\nevent: x\n\ndata: y\n\n')).toEqual([message('y')]);
  });

  it('lose one space after the colon, and no more', async () => {
    expect(await read('data:a\n\ndata:  b: c\n\ndata\n\n')).toEqual([
      message('a'),
      message(' b: c'),
      message(''),
    ]);
  });

  it('are not parted by a chunk of nothing between CR and LF', async () => {
    expect(await read('data: a\r', '', '\ndata: b\r\n\r\n')).toEqual([message('a\nb')]);
  });

  it('that the end of the stream cuts off are dropped', async () => {
    expect(await read('data: whole\n\ndata: cut\n')).toEqual([message('whole')]);
  });

  it('come when their last line ends, not with the chunk after', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slowly(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('data: now\r\n\r\n');
      await held;
    }

    const events = serverSentEvents(slowly());

    expect((await events.next()).value).toEqual(message('now'));
    release();
    expect((await events.next()).done).toBe(true);
  });
});
