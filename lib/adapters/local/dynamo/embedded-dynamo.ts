import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { EMBEDDED_CREDENTIALS } from './embedded-credentials.ts';
import { rebuildIndexes } from './rebuild-indexes.ts';

export interface EmbeddedDynamo {
  endpoint: string;
  close(): Promise<void>;
}

export interface EmbeddedDynamoOptions {
  /** Where the data lives; in memory when there is none. */
  folder?: string | undefined;
  /** Tables that are there once the promise resolves. */
  tables?: CreateTableCommandInput[];
  now?: () => Date;
}

/** DynamoDB inside this process, on a free port of 127.0.0.1. */
export async function startEmbeddedDynamo(options: EmbeddedDynamoOptions = {}): Promise<EmbeddedDynamo> {
  const { folder, tables = [], now = () => new Date() } = options;
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    await rebuildIndexes(folder, now());
  }
  const server = dynalite({
    ...(folder === undefined ? {} : { path: folder }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  const requests = guard(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => closeServer(server, requests);
  try {
    await ensureTables(endpoint, tables);
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, close };
}

/** What dynalite is working on. While it closes, connections that are kept open bring it nothing new. */
interface Working {
  answers: Set<ServerResponse>;
  closing: boolean;
}

/**
 * Puts three checks before dynalite and returns the requests it is working on. It throws, and so ends the
 * process, when a client breaks off in the middle of a request; and it lets any web page of the same
 * machine's browser read the tables, which a request's Origin or a foreign Host gives away.
 */
function guard(server: Server): Working {
  const working: Working = { answers: new Set(), closing: false };
  const [answer] = server.listeners('request') as ((req: IncomingMessage, res: ServerResponse) => void)[];
  if (answer === undefined) throw new TypeError('dynalite has no request listener');
  server.removeAllListeners('request');
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const { port } = server.address() as AddressInfo;
    const isLocal = req.headers.host === `127.0.0.1:${port}` || req.headers.host === `localhost:${port}`;
    if (req.headers.origin !== undefined || !isLocal || working.closing) {
      res.writeHead(working.closing ? 503 : 403, { connection: 'close' }).end();
      return;
    }
    working.answers.add(res);
    const { end } = res;
    res.end = ((...args: Parameters<typeof end>) => {
      working.answers.delete(res);
      return end.apply(res, args);
    }) as typeof end;
    answer(req, res);
    req.removeAllListeners('error');
    req.on('error', () => {
      if (!req.complete) working.answers.delete(res);
      res.destroy();
    });
  });
  return working;
}

/** A request that finds its database closed would throw, so those at work may end; a busy machine needs a while. */
const CLOSE_MS = 10_000;

/** dynalite closes its database as soon as the server is told to close: nothing may be at work by then. */
async function closeServer(server: Server, working: Working): Promise<void> {
  working.closing = true;
  const deadline = Date.now() + CLOSE_MS;
  while (working.answers.size > 0 && Date.now() < deadline) await sleep(5);
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
  server.closeAllConnections();
  await closed;
}

async function ensureTables(endpoint: string, tables: CreateTableCommandInput[]): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...EMBEDDED_CREDENTIALS });
  try {
    for (const table of tables) {
      try {
        await client.send(new CreateTableCommand(table));
      } catch (error) {
        if (!(error instanceof ResourceInUseException)) throw error;
      }
      await untilActive(client, table.TableName);
    }
  } finally {
    client.destroy();
  }
}

async function untilActive(client: DynamoDBClient, TableName: string | undefined): Promise<void> {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(5);
  }
}
