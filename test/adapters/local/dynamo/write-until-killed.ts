/** Runs on its own: writes items that enter and leave an index until somebody kills it. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTableInput } from '../../../../lib/adapters/aws/dynamo/create-table.ts';
import { startEmbeddedDynamo } from '../../../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { dynamoClient } from './dynamo-client.ts';

const TABLE_NAME = 'killed';
const { endpoint } = await startEmbeddedDynamo({
  folder: process.argv[2] ?? '',
  tables: [createTableInput(TABLE_NAME)],
});
const client = dynamoClient(endpoint);

async function write(writer: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const open = n % 3 !== 2;
    await client.send(
      new PutItemCommand({
        TableName: TABLE_NAME,
        Item: {
          pk: { S: `WRITER#${writer}` },
          sk: { S: String(Math.floor(n / 3) % 50) },
          parent: { S: `PARENT#${n}` },
          ...(open ? { openShard: { S: 'OPEN#0' }, leaseUntil: { S: new Date(n).toISOString() } } : {}),
        },
      }),
    );
    if (n === 30) process.stdout.write('writing\n');
  }
}
await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
