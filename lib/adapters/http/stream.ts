import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isStreamReply, type Reply, type StreamReply, toResult } from './reply.ts';

/** The writable end that the Lambda runtime gives to a streaming function. */
export type ResponseStream = awslambda.HttpResponseStream;

/** Writes a whole answer or a stream of one. A caller who goes away ends the stream, not the function. */
export async function writeReply(stream: ResponseStream, reply: Reply | StreamReply): Promise<void> {
  if (globalThis.awslambda === undefined)
    throw new Error('Streaming needs the Lambda runtime, or the local one');
  const { statusCode, headers, body } = isStreamReply(reply)
    ? { statusCode: reply.status, headers: reply.headers, body: reply.stream }
    : toResult(reply);
  const out = awslambda.HttpResponseStream.from(stream, {
    statusCode,
    headers: headers as Record<string, string>,
  });
  const source = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : Readable.from(body);
  try {
    await pipeline(source, out);
  } catch (error) {
    if (!isHangUp(error)) throw error;
    // What a stream does when it ends, such as recording it, is done before the function is frozen.
    if (isStreamReply(reply)) await reply.stream[Symbol.asyncIterator]().return?.();
  }
}

const HANG_UPS = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

const isHangUp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && HANG_UPS.has(String(error.code));
