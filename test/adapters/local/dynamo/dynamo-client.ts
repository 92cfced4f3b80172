import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EMBEDDED_CREDENTIALS } from '../../../../lib/adapters/local/dynamo/embedded-credentials.ts';

export const dynamoClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, ...EMBEDDED_CREDENTIALS });
