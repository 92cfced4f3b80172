import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../aws/dynamo/table.ts';

/** What DynamoDB's time to live does, for a database that has none. Returns how many items went. */
export async function removeExpired(
  client: DynamoDBDocumentClient,
  tableName: string,
  now: Date,
): Promise<number> {
  const expired = {
    ExpressionAttributeNames: { '#ttl': TABLE.ttl },
    ExpressionAttributeValues: { ':now': Math.floor(now.getTime() / 1000) },
  };
  const { partition, sort } = TABLE.key;
  let removed = 0;
  const pages = paginateScan(
    { client },
    { TableName: tableName, FilterExpression: '#ttl <= :now', ...expired },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const Key = { [partition]: item[partition], [sort]: item[sort] };
      try {
        // The item may have been written again since the page was read.
        await client.send(
          new DeleteCommand({ TableName: tableName, Key, ConditionExpression: '#ttl <= :now', ...expired }),
        );
        removed += 1;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
  }
  return removed;
}
