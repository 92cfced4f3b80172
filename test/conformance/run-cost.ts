import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { encodeLine, logLine } from '../../lib/runs/log.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import { meterTable } from '../../scripts/cost/meter.ts';
import { aQueuedRun, at, claimed, succeeded } from './builders.ts';
import type { Database } from './dynamo-databases.ts';

/** Sums what the client's commands consume, as the database itself counts it. */
function meter(client: DynamoDBDocumentClient): { units: number; requests: number } {
  const spent = { units: 0, requests: 0 };
  meterTable(client, ({ units }) => {
    spent.units += units;
    spent.requests += 1;
  });
  return spent;
}

const aDocumentRun = (members: Partial<Run> = {}): Run =>
  aQueuedRun({
    input: {
      operation: 'process',
      configurationId: uuid(),
      documentVersionId: uuid(),
      fileKey: `${uuid()}/documents/${uuid()}/1`,
      options: { activeSheetOnly: false, sheetNames: ['Employees', 'Contractors'] },
    },
    ...(members as object),
  });

/** What a run costs, counted by the database: a write unit is 1 KB, and each index written is another. */
export function describeRunCost(name: string, database: () => Database): void {
  describe(`${name}: what a run costs`, () => {
    function open() {
      const { connect, tableName } = database();
      const client = connect();
      return { ...dynamoStores(client, tableName), spent: meter(client) };
    }

    it('is 6 write units for a document run, from queued to succeeded', async () => {
      const { runs, spent } = open();
      const run = aDocumentRun();
      await runs.insert(run); // the record, and its place among the open runs
      expect(spent).toEqual({ units: 2, requests: 1 });
      const running = claimed(run);
      await runs.commit(running, run.version); // the lease stays, so no index is written
      expect(spent).toEqual({ units: 3, requests: 2 });
      await runs.commit(succeeded(running), running.version); // leaves the open runs, joins the ended ones
      expect(spent).toEqual({ units: 6, requests: 3 });
    });

    it('is one more for a run that is listed by its parent', async () => {
      const { runs, spent } = open();
      await runs.insert(aDocumentRun({ kind: 'thread' }));
      expect(spent.units).toBe(3);
    });

    it('is one write unit for the log of a second, though it is several KB', async () => {
      const { log, spent } = open();
      const run = aDocumentRun();
      const lines = Array.from({ length: 12 }, (_, index) =>
        encodeLine(
          logLine({ log, now: () => new Date(at(index)) }, run, {
            event: 'engine.table.mapped',
            message: `Mapped table ${index}`,
            data: { sheet: 'Employees', columns: 15, mapped: 12 + (index % 3) },
          }),
        ),
      );
      const bytes = Buffer.concat(lines);
      expect(bytes.length).toBeGreaterThan(4096);
      await log.append(refOf(run), 0, bytes);
      expect(spent).toEqual({ units: 1, requests: 1 });
    });

    it('is one request to look for news at the end of a log', async () => {
      const { log, spent } = open();
      const ref = refOf(aDocumentRun());
      await log.append(ref, 0, Buffer.from('{"event":"run.started"}\n'));
      const end = (await log.read(ref, 0)).length;
      const before = spent.requests;
      for (let polls = 0; polls < 10; polls += 1) await log.read(ref, end);
      expect(spent.requests - before).toBe(10);
    });

    it('is one page of reads to list the newest runs of a status', async () => {
      const { runs, spent } = open();
      const workspaceId = uuid();
      for (let made = 0; made < 30; made += 1) {
        await runs.insert(succeeded(claimed(aDocumentRun({ workspaceId }))));
      }
      const before = { ...spent };
      const query = { workspaceId, kind: 'document', status: 'succeeded', limit: 20 } as const;
      expect((await runs.listByStatus(query)).runs).toHaveLength(20);
      expect(spent.requests - before.requests).toBe(2); // the index, then the records
      expect(spent.units - before.units).toBeLessThanOrEqual(25);
    });
  });
}
