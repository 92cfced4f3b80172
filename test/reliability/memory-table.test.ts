import { describe, expect, it } from 'vitest';
import { DynamoRecords } from '../../lib/adapters/aws/dynamo/dynamo-records.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { refOf } from '../../lib/runs/run.ts';
import { aQueuedRun, at } from '../conformance/builders.ts';
import { describeIdempotencyStore } from '../conformance/idempotency-store.ts';
import { describeKeyStore } from '../conformance/key-store.ts';
import { describeRecords, Note } from '../conformance/records.ts';
import { describeRunIndexes } from '../conformance/run-indexes.ts';
import { describeRunLog } from '../conformance/run-log.ts';
import { describeRunStore } from '../conformance/run-store.ts';
import { MemoryTable } from './memory-table.ts';

// What the storms below it show is worth as much as this table is like DynamoDB.
const NAME = 'the table in memory';
const client = new MemoryTable().client();
const stores = dynamoStores(client, 'memory');

describeRunStore(NAME, async () => stores.runs);
describeRunIndexes(NAME, async () => stores.runs);
describeRunLog(NAME, async () => stores.log);
describeKeyStore(NAME, async () => stores.keys);
describeIdempotencyStore(NAME, async () => stores.idempotency);
describeRecords(NAME, async () => {
  const table = { client, name: 'memory' };
  return {
    notes: new DynamoRecords(table, { type: 'NOTE', schema: Note }),
    others: new DynamoRecords(table, { type: 'NOTEBOOK', schema: Note }),
  };
});

describe('a read that is behind', () => {
  it('misses in indexes and logs what was just written, and nowhere else', async () => {
    const clock = { now: 1000 };
    const table = new MemoryTable({ now: () => clock.now });
    const { runs, log } = dynamoStores(table.client(), 'memory');
    const run = aQueuedRun();
    const open = { leaseBefore: at(1_000_000), limit: 10 };
    await runs.insert(run);
    await log.append(refOf(run), 0, new TextEncoder().encode('one\n'));
    table.lag = 500;

    const look = async () => [
      await runs.listOpen(open),
      Buffer.from(await log.read(refOf(run), 0)).toString(),
    ];
    const late = await look();
    clock.now += 500;
    const later = await look();

    expect(late).toEqual([[], '']);
    expect(later).toEqual([[refOf(run)], 'one\n']);
    expect(await log.end(refOf(run))).toBe(4);
    expect(await runs.get(refOf(run))).toStrictEqual(run);
  });
});
