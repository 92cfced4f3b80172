import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { createTableInput } from '../../../lib/adapters/aws/dynamo/create-table.ts';
import { dynamoStores } from '../../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { EMBEDDED_CREDENTIALS } from '../../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { NO_TOKENS } from '../../../lib/apis/workspaces/tokens.ts';

/** Records on the real store, with a clock that the test moves. Each call of `fresh` is another process. */
export async function openRecords() {
  const database = await startEmbeddedDynamo({ tables: [createTableInput('records')] });
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS }),
  );
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const fresh = () => ({
    ...dynamoStores(client, 'records'),
    now: () => new Date(now),
    newId: () => uuid(),
    tokens: NO_TOKENS,
    corsOrigins: [],
    limits: { requestBytes: 4_000_000 },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return {
    fresh,
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
    close: async () => {
      client.destroy();
      await database.close();
    },
  };
}

export type Records = Awaited<ReturnType<typeof openRecords>>;
