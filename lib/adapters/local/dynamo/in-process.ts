import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EMBEDDED_CREDENTIALS } from './embedded-credentials.ts';
import type { Engine, EngineRequest, EngineResponse } from './engine.ts';

type HttpHandler = DynamoDBClient['config']['requestHandler'];
type SentRequest = Parameters<HttpHandler['handle']>[0];
type Answer = Awaited<ReturnType<HttpHandler['handle']>>;
type Signer = Extract<DynamoDBClientConfig['signer'], { sign: unknown }>;

/** Does something while the database is kept open; nothing when it is closed. */
export type WhileOpen = <T>(work: (engine: Engine) => Promise<T>) => Promise<T | undefined>;

/**
 * How clients in the database's own thread ask it: with the same requests, but neither signed nor sent through a
 * socket, which is half of what a request costs.
 */
export function inProcess(endpoint: string, whileOpen: WhileOpen): DynamoDBClientConfig {
  const requestHandler: HttpHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request) => {
      // As with a socket, others have their turn before the answer.
      await turn();
      const answer = await whileOpen((engine) => ask(engine, request));
      return answer ?? { response: { statusCode: 503, headers: {}, body: Buffer.alloc(0) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  return { endpoint, ...EMBEDDED_CREDENTIALS, signer, requestHandler };
}

/** dynalite looks for a signature, and takes any. */
const signer: Signer = {
  sign: async (request) => ({
    ...request,
    headers: {
      ...request.headers,
      authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
      'x-amz-date': 'now',
    },
  }),
};

function ask(engine: Engine, { method, path, headers, body }: SentRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const request: EngineRequest = Object.assign(new EventEmitter(), { method, url: path, headers });
    const answered: Record<string, string> = {};
    const response: EngineResponse = {
      statusCode: 200,
      setHeader: (name, value) => {
        answered[name.toLowerCase()] = String(value);
      },
      end: (text = '') => {
        const { statusCode } = response;
        resolve({ response: { statusCode, headers: answered, body: Buffer.from(text) } });
      },
    };
    engine.answer(request, response);
    request.emit('data', bytesOf(body));
    request.emit('end');
  });
}

/** The same memory as a Buffer: what the SDK makes of a request complains when it is read as a text. */
const bytesOf = (body: unknown): Buffer =>
  body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from(String(body));
