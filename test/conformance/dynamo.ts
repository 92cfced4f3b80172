import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoRecords } from '../../lib/adapters/aws/dynamo/dynamo-records.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { DynamoStreamPlaces } from '../../lib/adapters/aws/dynamo/dynamo-stream-places.ts';
import type { Database } from './dynamo-databases.ts';
import { describeIdempotencyStore } from './idempotency-store.ts';
import { describeInterruptedWrites } from './interrupted-writes.ts';
import { describeKeyStore } from './key-store.ts';
import { describeRecords, Note } from './records.ts';
import { describeRunCost } from './run-cost.ts';
import { describeRunIndexes } from './run-indexes.ts';
import { describeRunLog } from './run-log.ts';
import { describeRunStore } from './run-store.ts';
import { describeStreamPlaces } from './stream-places.ts';

/** All that the DynamoDB adapter promises, on a database that is started once. */
export function describeDynamo(
  name: string,
  start: () => Promise<Database>,
  { countsIndexes }: { countsIndexes: boolean },
): void {
  describe(`on ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await start();
    }, 60_000);
    afterAll(() => database.stop());
    const stores = () => dynamoStores(database.connect(), database.tableName);

    describeRunStore(name, async () => stores().runs);
    describeRunIndexes(name, async () => stores().runs);
    describeRunLog(name, async () => stores().log);
    describeKeyStore(name, async () => stores().keys);
    describeIdempotencyStore(name, async () => stores().idempotency);
    describeStreamPlaces(
      name,
      async (streams) =>
        new DynamoStreamPlaces({ client: database.connect(), name: database.tableName }, streams),
      () => database,
    );
    describeRecords(name, async () => {
      const table = { client: database.connect(), name: database.tableName };
      return {
        notes: new DynamoRecords(table, { type: 'NOTE', schema: Note }),
        others: new DynamoRecords(table, { type: 'NOTEBOOK', schema: Note }),
      };
    });
    if (countsIndexes) describeRunCost(name, () => database);
    describeInterruptedWrites(name, () => database);
  });
}
