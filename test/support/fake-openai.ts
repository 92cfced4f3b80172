import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake model server does with a request. Without anything it answers with `text`. */
export interface Behaviour {
  text?: string;
  /** Refuses with this status. */
  status?: number;
  headers?: Record<string, string>;
  /** In place of the provider's usual body. */
  body?: string;
  /** How many requests are refused before the rest is answered. */
  times?: number;
  /** Waits before the first piece of the answer, or between its pieces. */
  firstTokenMs?: number;
  tokenMs?: number;
  /** Breaks the connection after this many pieces, or ends the stream there as if it were complete. */
  breakAfter?: number;
  endAfter?: number;
  /** Sends this in place of a piece of the stream after this many. */
  garbageAfter?: number;
  garbage?: string | Uint8Array;
  /** Takes the request and never answers. */
  hang?: boolean;
  finishReason?: string;
  /** Reports no usage. */
  silentUsage?: boolean;
  /** Calls this tool after the text. */
  toolCall?: string;
  /** Says this in place of a text. */
  refusal?: string;
  /** Keeps the connection open after `[DONE]`, or after the usage and without it. */
  hold?: 'after done' | 'after usage';
  /** Between the finish reason and the usage. */
  usageAfterMs?: number;
}

export interface SeenRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** The connection went away before the answer was complete. */
  closedEarly: boolean;
  /** The answer was sent whole. */
  completed: boolean;
}

export interface FakeModelServer {
  url: string;
  requests: SeenRequest[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const pieces = (text: string): string[] => text.match(/^\s*\S+\s*|\S+\s*/g) ?? [];
export const DEFAULT_TEXT = 'Hello from the fake model.';

/** A server on a free port that records requests, refuses or hangs as told, and else lets `respond` answer. */
export async function openFakeModelServer(
  refusal: (status: number) => string,
  respond: (seen: SeenRequest, response: ServerResponse, behaviour: Behaviour) => Promise<void>,
): Promise<FakeModelServer> {
  let behaviour: Behaviour = {};
  let refusals = 0;
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url: path = '', headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const seen = { path, headers, body, closedEarly: false, completed: false };
    requests.push(seen);
    response.on('close', () => {
      seen.completed = response.writableFinished;
      seen.closedEarly = !response.writableFinished;
    });
    if (behaviour.hang === true) return;
    if (behaviour.status !== undefined && refusals < (behaviour.times ?? Number.POSITIVE_INFINITY)) {
      refusals += 1;
      response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
      response.end(behaviour.body ?? refusal(behaviour.status));
      return;
    }
    await respond(seen, response, behaviour);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    behave(next) {
      behaviour = next;
      refusals = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes the pieces of a stream one by one, with the delays and faults of the behaviour; false after a fault. */
export async function writePieces(
  response: ServerResponse,
  frames: readonly (string | Uint8Array)[],
  { firstTokenMs = 0, tokenMs = 0, breakAfter, endAfter, garbageAfter, garbage = '' }: Behaviour,
): Promise<boolean> {
  // Headers go out at once, as real servers send them; the first token may take its time.
  response.flushHeaders();
  await pause(firstTokenMs);
  for (const [index, frame] of frames.entries()) {
    if (response.destroyed) return false;
    if (index === breakAfter) {
      await pause(20);
      response.destroy();
      return false;
    }
    if (index === endAfter) {
      response.end();
      return false;
    }
    response.write(index === garbageAfter ? garbage : frame);
    await pause(tokenMs);
  }
  return true;
}

const usage = (text: string) => {
  const completion_tokens = pieces(text).length;
  return { prompt_tokens: 11, completion_tokens, total_tokens: 11 + completion_tokens };
};

/** What OpenAI says, the key it was given included. */
const refusal = (status: number): string =>
  JSON.stringify({
    error: {
      message: `Incorrect API key provided: sk-very-secret. Status ${status}.`,
      type: 'invalid_request_error',
      param: null,
      code: status === 401 ? 'invalid_api_key' : null,
    },
  });

async function respond(seen: SeenRequest, response: ServerResponse, behaviour: Behaviour): Promise<void> {
  const { text = DEFAULT_TEXT, finishReason = 'stop', silentUsage = false, refusal, toolCall } = behaviour;
  const calls =
    toolCall === undefined
      ? undefined
      : [{ index: 0, id: 'call-1', type: 'function', function: { name: toolCall, arguments: '{}' } }];
  const common = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'fake-model-2026' };
  if (seen.body.stream !== true) {
    await pause(behaviour.firstTokenMs ?? 0);
    const message = {
      role: 'assistant',
      content: refusal === undefined ? text : null,
      refusal,
      tool_calls: calls,
    };
    const answer = {
      ...common,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: finishReason }],
      ...(silentUsage ? {} : { usage: usage(text) }),
    };
    response.writeHead(200, { 'content-type': 'application/json', 'x-provider-secret': 'header-secret' });
    response.write(behaviour.body ?? JSON.stringify(answer));
    if (behaviour.hold === undefined) response.end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-provider-secret': 'header-secret' });
  const chunk = (rest: object): string =>
    `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', ...rest })}\n\n`;
  const delta = (said: object): string =>
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', ...said }, finish_reason: null }] });
  const saying = refusal === undefined ? 'content' : 'refusal';
  // Real servers begin with an empty delta.
  const said = [{ content: '' }, ...pieces(refusal ?? text).map((piece) => ({ [saying]: piece }))];
  const called = calls === undefined ? [] : [{ tool_calls: calls }];
  const whole = await writePieces(response, [...said, ...called].map(delta), behaviour);
  if (!whole) return;
  response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishReason }] }));
  // Only who asks is told, as at OpenAI.
  await pause(behaviour.usageAfterMs ?? 0);
  if (!silentUsage && seen.body.stream_options !== undefined)
    response.write(chunk({ choices: [], usage: usage(text) }));
  if (behaviour.hold === 'after usage') return;
  response.write('data: [DONE]\n\n');
  if (behaviour.hold === undefined) response.end();
}

/** An OpenAI-compatible server: chat completions, whole and streamed. */
export const openFakeOpenAi = (): Promise<FakeModelServer> => openFakeModelServer(refusal, respond);
