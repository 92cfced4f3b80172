import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import {
  type Behaviour,
  DEFAULT_TEXT,
  type FakeModelServer,
  openFakeModelServer,
  pause,
  pieces,
  type SeenRequest,
  writePieces,
} from './fake-openai.ts';

/**
 * One message of `application/vnd.amazon.eventstream`: total length, length of the headers, checksum of
 * these two, headers, payload, checksum of everything before.
 */
export function frame(headers: Record<string, string>, payload: object): Uint8Array {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => {
      const length = Buffer.alloc(3);
      length.writeUInt8(7, 0); // the type of a string
      length.writeUInt16BE(Buffer.byteLength(value), 1);
      return [Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)];
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(12 + head.length + body.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  body.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}

/** `p` is padding that Bedrock adds against guessing from lengths. */
const event = (type: string, payload: object): Uint8Array =>
  frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    { ...payload, p: 'abcdefgh' },
  );

export const exception = (type: string, message: string): Uint8Array =>
  frame(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    { message },
  );

const usage = (text: string) => {
  const outputTokens = pieces(text).length;
  return { inputTokens: 9, outputTokens, totalTokens: 9 + outputTokens };
};

const refusal = (status: number): string =>
  JSON.stringify({ message: `arn:aws:iam::123456789012:role/secret-role is refused with ${status}` });

async function respond(seen: SeenRequest, response: ServerResponse, behaviour: Behaviour): Promise<void> {
  const { text = DEFAULT_TEXT, finishReason = 'end_turn' } = behaviour;
  const head = { 'x-amzn-requestid': 'req-1', 'x-provider-secret': 'header-secret' };
  if (seen.path.endsWith('/converse')) {
    await pause(behaviour.firstTokenMs ?? 0);
    response.writeHead(200, { 'content-type': 'application/json', ...head });
    const output = { message: { role: 'assistant', content: [{ text }] } };
    const answer = { output, stopReason: finishReason, usage: usage(text), metrics: { latencyMs: 1 } };
    response.end(behaviour.body ?? JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', ...head });
  const frames = [
    event('messageStart', { role: 'assistant' }),
    ...pieces(text).map((piece) =>
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: piece } }),
    ),
    event('contentBlockStop', { contentBlockIndex: 0 }),
    event('messageStop', { stopReason: finishReason }),
    event('metadata', { usage: usage(text), metrics: { latencyMs: 1 } }),
  ];
  if ((await writePieces(response, frames, behaviour)) && behaviour.hold === undefined) response.end();
}

/** Bedrock's Converse and ConverseStream. Signatures are recorded, not checked. */
export const openFakeBedrock = (): Promise<FakeModelServer> => openFakeModelServer(refusal, respond);
