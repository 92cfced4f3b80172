import type { APIGatewayProxyResult } from 'aws-lambda';
import { bytesOf, MAX_ANSWER_BYTES } from '../../apis/operation/answer-size.ts';
import type { Success } from '../../apis/operation/operation.ts';
import { invalid } from '../../apis/operation/refusal.ts';
import { WithHeaders } from './with-headers.ts';

/** An answer before it is written: a JSON value, or nothing. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** An answer that is sent while it is made. */
export interface StreamReply {
  status: number;
  headers: Record<string, string>;
  stream: AsyncIterable<Uint8Array>;
}

export const isStreamReply = (reply: object): reply is StreamReply => 'stream' in reply;

/** What a verb answered, as its operation promised it. Members that the schema does not know are dropped. */
export function toReply(success: Success, answered: unknown): Reply | StreamReply {
  if (success.body === 'empty') return { status: success.status };
  if (typeof success.body === 'string') {
    // Asked of streaming operations only: what others answer with may have a member of that name.
    if (typeof answered === 'object' && answered !== null && isStreamReply(answered)) return answered;
    throw new TypeError('A streaming operation must answer with a stream');
  }
  const { body, headers } = answered instanceof WithHeaders ? answered : new WithHeaders(answered, {});
  return { status: success.status, headers, body: success.body.parse(body) };
}

/** A reply in the form in which a Lambda function answers API Gateway. */
export function toResult({ status, headers, body }: Reply): APIGatewayProxyResult {
  const json = body === undefined ? undefined : JSON.stringify(body);
  return {
    statusCode: status,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: json ?? '',
  };
}

/** What status and headers may take of what a function answers, in bytes. */
export const HEAD_BYTES = 16_384;

/**
 * Lists come back short before it comes to this, and what they list is bounded when it comes in. What was stored
 * before it was must not be a 502 that says nothing.
 * @throws Refused 422 for a body that no function can answer with.
 */
export function assertAnswerable({ body }: Reply, { isPage }: { isPage: boolean }): void {
  const bytes = body === undefined ? 0 : bytesOf(body);
  if (bytes + HEAD_BYTES <= MAX_ANSWER_BYTES) return;
  const said = `The answer would have ${bytes} bytes, of which ${MAX_ANSWER_BYTES - HEAD_BYTES} can be sent`;
  throw invalid(
    isPage
      ? `${said}: ask for less of it, with a lower limit or a narrower filter.`
      : `${said}. It cannot be asked for in parts: what it shows has to be made shorter.`,
  );
}
