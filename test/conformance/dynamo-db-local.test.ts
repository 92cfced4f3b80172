import { describe } from 'vitest';
import { describeDynamo } from './dynamo.ts';
import { hasJava, startDynamoDbLocal } from './dynamo-databases.ts';

describe.skipIf(!hasJava)('where Java is installed', () =>
  describeDynamo('DynamoDB Local', startDynamoDbLocal, { countsIndexes: true }),
);
