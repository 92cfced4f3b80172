import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { KEY_ATTRIBUTES, type KeySchema, TABLE } from './table.ts';

const keySchema = ({ partition, sort }: KeySchema): KeySchemaElement[] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

/** What creates the table where CloudFormation does not: in the embedded database and in tests. */
export const createTableInput = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: KEY_ATTRIBUTES.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  KeySchema: keySchema(TABLE.key),
  GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([name, schema]) => ({
    IndexName: name,
    KeySchema: keySchema(schema),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  })),
});
