import type { IncomingMessage } from 'node:http';

/** What a streamed answer begins with: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html */
export interface Prelude {
  statusCode?: number;
  headers?: Record<string, string>;
  cookies?: string[];
}

const DELIMITER = Buffer.alloc(8);
/** Within so many bytes the prelude has to end. */
const PRELUDE_BYTES = 16_384;
const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response';

/** A streamed answer as API Gateway reads it: metadata, eight NUL bytes, and what comes after, as it comes. */
export interface StreamedAnswer {
  prelude: Prelude;
  /** @throws Error when the function fails after it has begun. */
  chunks: AsyncGenerator<Buffer, void>;
}

/** @throws Error for what API Gateway would answer with 502. */
export async function readStream(req: IncomingMessage): Promise<StreamedAnswer> {
  if (req.headers['content-type'] !== HTTP_INTEGRATION)
    throw new Error(
      `The stream has the content type ${req.headers['content-type']}, not ${HTTP_INTEGRATION}`,
    );
  const source: AsyncIterator<Buffer> = req[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    if (head.length > PRELUDE_BYTES)
      throw new Error(`No eight NUL bytes in the first ${PRELUDE_BYTES} bytes`);
    const { value, done } = await source.next();
    if (done === true) throw new Error('The stream ended before its eight NUL bytes');
    head = Buffer.concat([head, value]);
    end = head.indexOf(DELIMITER);
  }
  const prelude = JSON.parse(head.subarray(0, end).toString()) as Prelude;
  for (const [name, value] of Object.entries(prelude.headers ?? {}))
    if (typeof value !== 'string') throw new Error(`The header ${name} of the stream is no string`);
  return { prelude, chunks: following(head.subarray(end + DELIMITER.length), source, req) };
}

async function* following(first: Buffer, source: AsyncIterator<Buffer>, { trailers }: IncomingMessage) {
  if (first.length > 0) yield first;
  for (;;) {
    const { value, done } = await source.next();
    if (done === true) break;
    yield value;
  }
  const error = trailers['lambda-runtime-function-error-type'];
  if (error !== undefined) throw new Error(`The function failed in its stream: ${error}`);
}
