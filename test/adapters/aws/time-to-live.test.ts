import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoRunLog } from '../../../lib/adapters/aws/dynamo/dynamo-run-log.ts';
import { DynamoRunStore } from '../../../lib/adapters/aws/dynamo/dynamo-run-store.ts';
import { LOG_WORDS } from '../../../lib/apis/workspace-runs/events/log-words.ts';
import { RunLogWriter } from '../../../lib/runs/log.ts';
import type { RunningRun } from '../../../lib/runs/run.ts';
import { claimed, failed } from '../../conformance/builders.ts';
import { aRun } from '../../support/builders.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dynamo = mockClient(client);
const table = { client, name: 'table' };

beforeEach(() => {
  dynamo.reset();
  dynamo.on(PutCommand).resolves({});
});

const written = () => dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.ttl);
const seconds = (instant: string) => Date.parse(instant) / 1000;

describe('time to live', () => {
  it('is a run’s from its end on, and through the fence that ended it', async () => {
    const store = new DynamoRunStore(table);
    const queued = aRun({ retention: { runsDays: 30 } });
    const running = claimed(queued);
    await store.insert(queued);
    await store.commit(running, queued.version);
    await store.commit(failed(running), running.version);
    await store.commit(failed(aRun()), 3);

    const end = failed(running);
    const completedAt = 'completedAt' in end ? end.completedAt : '';
    expect(written()).toEqual([undefined, undefined, seconds(completedAt) + 30 * 86_400, undefined]);
  });

  it('is the same for every chunk of a log, and never after the run’s own', async () => {
    const stores = { log: new DynamoRunLog(table, LOG_WORDS), runs: new DynamoRunStore(table) };
    for (const retention of [{ logsDays: 7, runsDays: 2 }, { logsDays: 7 }, { outputsDays: 1 }, undefined]) {
      const writer = await RunLogWriter.open(stores, aRun({ status: 'running', retention }) as RunningRun);
      for (const event of ['one', 'two']) {
        writer.write({ event, message: '', level: 'info', timestamp: '', context: {} as never });
        await writer.flush();
      }
    }
    const [two, seven] = [2, 7].map((days) => seconds('2026-01-01T00:00:01.000Z') + days * 86_400);
    expect(written()).toEqual([two, two, seven, seven, undefined, undefined, undefined, undefined]);
  });
});
