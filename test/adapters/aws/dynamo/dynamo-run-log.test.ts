import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoRunLog } from '../../../../lib/adapters/aws/dynamo/dynamo-run-log.ts';
import { logKey } from '../../../../lib/adapters/aws/dynamo/keys.ts';
import { LOG_WORDS } from '../../../../lib/apis/workspace-runs/events/log-words.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dynamo = mockClient(client);
const ref = { workspaceId: 'w', kind: 'document' as const, runId: 'r' };
const aChunk = (offset: number, text: string) => ({ ...logKey('r', offset), bytes: Buffer.from(text) });
const read = async (log: DynamoRunLog, offset: number) => Buffer.from(await log.read(ref, offset)).toString();

beforeEach(() => {
  dynamo.reset();
});

describe('DynamoRunLog, where a read shows a chunk and not yet the one before it', () => {
  it('ends before the gap, and goes on when it is closed', async () => {
    const log = new DynamoRunLog({ client, name: 'table' }, LOG_WORDS);
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [aChunk(0, 'one\n'), aChunk(8, 'three\n')] })
      .resolvesOnce({ Items: [aChunk(8, 'three\n')] })
      .resolvesOnce({ Items: [aChunk(4, 'two\n'), aChunk(8, 'three\n')] });
    expect(await read(log, 0)).toBe('one\n');
    expect(await read(log, 4)).toBe('');
    expect(await read(log, 4)).toBe('two\nthree\n');
  });

  it('refuses an item that is no chunk', async () => {
    const log = new DynamoRunLog({ client, name: 'table' }, LOG_WORDS);
    dynamo.on(QueryCommand).resolves({ Items: [{ ...logKey('r', 0), bytes: 'text' }] });
    await expect(log.read(ref, 0)).rejects.toThrow('is not a chunk');
  });

  it('asks for the chunk before when it has forgotten where chunks end', async () => {
    const log = new DynamoRunLog({ client, name: 'table' }, LOG_WORDS);
    dynamo.on(QueryCommand).resolves({ Items: [] });
    for (let run = 0; run <= 1000; run += 1) await log.read({ ...ref, runId: `${run}` }, 0);
    dynamo.reset();
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await log.read(ref, 4);
    expect(dynamo.commandCalls(QueryCommand)).toHaveLength(2);
  });
});
