import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { MemoryTable } from '../reliability/memory-table.ts';
import { IS_LONG } from './lane.ts';

export interface TestTable {
  client: DynamoDBDocumentClient;
  close(): Promise<void>;
}

/**
 * The platform's table by itself: for a change the one in memory, which passes the conformance suite of stores
 * and answers twenty times sooner; in the long lane the embedded database.
 */
export async function openTable(tableName: string): Promise<TestTable> {
  if (!IS_LONG) return { client: new MemoryTable().client(), close: async () => undefined };
  const database = await startEmbeddedDynamo({ tables: [createTableInput(tableName)] });
  const client = new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS });
  return {
    client: DynamoDBDocumentClient.from(client),
    close: async () => {
      client.destroy();
      await database.close();
    },
  };
}
