import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { checkFolder, filesIn, readMark, writeMark } from './database-folder.ts';
import { type Engine, openEngine } from './engine.ts';
import { inProcess } from './in-process.ts';
import { rebuildIndexes } from './rebuild-indexes.ts';

export interface EmbeddedDynamo {
  /** For other threads and processes. */
  endpoint: string;
  /** Of clients in this thread, which need no network. */
  clientConfig: DynamoDBClientConfig;
  /**
   * Opens the database anew after a write that failed; requests wait meanwhile.
   * @throws FolderError, or the error of a disk that still has no room: everything is refused until it worked.
   */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export interface EmbeddedDynamoOptions {
  /** Where the data lives; in memory when there is none. */
  folder?: string | undefined;
  /** Whether it is known from elsewhere that there was a database. */
  isExpected?: boolean;
  /** Tables that are there once the promise resolves. */
  tables?: CreateTableCommandInput[];
  now?: () => Date;
  /** Told that nothing more can be written until it is reopened; reads are answered. */
  onWriteFailed?: (error: unknown) => void;
}

/** DynamoDB inside this process, on a free port of 127.0.0.1. @throws FolderError. */
export async function startEmbeddedDynamo(options: EmbeddedDynamoOptions = {}): Promise<EmbeddedDynamo> {
  const {
    folder,
    isExpected = false,
    tables = [],
    now = () => new Date(),
    onWriteFailed = () => {},
  } = options;
  let engine: Engine | undefined = await openFolder({ isExpected });
  const working: Working = { answers: new Set(), gate: undefined, isClosing: false };
  const server = createServer();
  server.on(
    'request',
    guard(server, working, () => engine),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientConfig = inProcess(endpoint, async (work) => {
    if (working.gate !== undefined) await working.gate;
    if (working.isClosing || engine === undefined) return undefined;
    const answer = {};
    working.answers.add(answer);
    try {
      return await work(engine);
    } finally {
      working.answers.delete(answer);
    }
  });

  async function openFolder(expected: { isExpected: boolean }): Promise<Engine> {
    const opened = folder === undefined ? 0 : await prepareFolder(folder, { ...expected, now: now() });
    const opening = await openEngine({ folder, opened, onWriteFailed });
    if (folder !== undefined) await writeMark(folder, { opened });
    return opening;
  }

  async function closeEngine(): Promise<void> {
    await quiet(working);
    await engine?.close();
    engine = undefined;
  }

  async function reopen(): Promise<void> {
    let open = (): void => {};
    working.gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await closeEngine();
      engine = await openFolder({ isExpected: true });
    } finally {
      working.gate = undefined;
      open();
    }
  }

  async function close(): Promise<void> {
    working.isClosing = true;
    const mark = folder === undefined ? undefined : await readMark(folder);
    const isOpen = engine !== undefined;
    await closeEngine();
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, 'close');
    if (folder !== undefined && mark !== undefined && isOpen)
      await writeMark(folder, { ...mark, files: await filesIn(folder) });
  }

  try {
    await ensureTables(clientConfig, tables);
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, clientConfig, reopen, close };
}

/** Checks what is in the folder and makes it ready to be opened; answers with the number of the opening. */
async function prepareFolder(
  folder: string,
  { isExpected, now }: { isExpected: boolean; now: Date },
): Promise<number> {
  const mark = await readMark(folder);
  const isThere = await checkFolder(folder, mark, isExpected);
  return 1 + (await rebuildIndexes(folder, { now, isThere, opened: mark?.opened ?? 0 }));
}

/** What the database is working on. */
interface Working {
  answers: Set<object>;
  /** While the database is opened anew. */
  gate: Promise<void> | undefined;
  /** Connections that are kept open bring nothing new. */
  isClosing: boolean;
}

/**
 * Puts three checks before dynalite and keeps count of the requests it is working on. It throws, and so ends the
 * process, when a client breaks off in the middle of a request; and it lets any web page of the same
 * machine's browser read the tables, which a request's Origin or a foreign Host gives away.
 */
function guard(server: Server, working: Working, engine: () => Engine | undefined) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { port } = server.address() as AddressInfo;
    const isLocal = req.headers.host === `127.0.0.1:${port}` || req.headers.host === `localhost:${port}`;
    if (req.headers.origin !== undefined || !isLocal) {
      res.writeHead(403, { connection: 'close' }).end();
      return;
    }
    if (working.gate !== undefined) await working.gate;
    const current = engine();
    if (working.isClosing || current === undefined) {
      res.writeHead(503, { connection: 'close' }).end();
      return;
    }
    working.answers.add(res);
    const { end } = res;
    res.end = ((...args: Parameters<typeof end>) => {
      working.answers.delete(res);
      return end.apply(res, args);
    }) as typeof end;
    current.answer(req, res);
    req.removeAllListeners('error');
    req.on('error', () => {
      if (!req.complete) working.answers.delete(res);
      res.destroy();
    });
  };
}

/** A request that finds its database closed would throw, so those at work may end; a busy machine needs a while. */
const CLOSE_MS = 10_000;

async function quiet({ answers }: Working): Promise<void> {
  const deadline = performance.now() + CLOSE_MS;
  while (answers.size > 0 && performance.now() < deadline) await sleep(5);
}

async function ensureTables(config: DynamoDBClientConfig, tables: CreateTableCommandInput[]): Promise<void> {
  const client = new DynamoDBClient(config);
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
