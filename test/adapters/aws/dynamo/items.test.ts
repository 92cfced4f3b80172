import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ABSENT,
  getItems,
  putItem,
  queryItems,
  type Table,
} from '../../../../lib/adapters/aws/dynamo/items.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dynamo = mockClient(client);
const table: Table = { client, name: 'table' };
const keyOf = (index: number) => ({ pk: 'WS#w', sk: `NOTE#${String(index).padStart(3, '0')}` });
const keysOf = (count: number) => Array.from({ length: count }, (_, index) => keyOf(index));

beforeEach(() => {
  dynamo.reset();
  vi.useRealTimers();
});

const refusal = (Item?: ConditionalCheckFailedException['Item']) =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(Item === undefined ? {} : { Item }),
  });

describe('putItem', () => {
  const item = { ...keyOf(1), version: 2, record: '{}', bytes: new Uint8Array([1, 2]) };
  const stored = {
    pk: { S: item.pk },
    sk: { S: item.sk },
    version: { N: '2' },
    record: { S: '{}' },
    bytes: { B: new Uint8Array([1, 2]) },
  };

  it('is done when the item that refused it is the very item, and reads nothing more', async () => {
    dynamo.on(PutCommand).rejects(refusal(stored));
    expect(await putItem(table, item, ABSENT)).toEqual({ done: true });
    expect(dynamo.commandCalls(GetCommand)).toHaveLength(0);
  });

  it.each([
    ['a number', { ...stored, version: { N: '3' } }],
    ['a text', { ...stored, record: { S: '{"a":1}' } }],
    ['bytes', { ...stored, bytes: { B: new Uint8Array([1, 3]) } }],
    ['a member more', { ...stored, ttl: { N: '1' } }],
  ])('is not done when the item that refused it differs in %s', async (_what, other) => {
    dynamo.on(PutCommand).rejects(refusal(other));
    expect(await putItem(table, item, ABSENT)).toMatchObject({ done: false, stored: { pk: item.pk } });
  });

  it('reads what refused it, strongly consistent, when the answer does not tell', async () => {
    dynamo.on(PutCommand).rejects(refusal());
    dynamo.on(GetCommand).resolves({ Item: item });
    expect(await putItem(table, item, ABSENT)).toEqual({ done: true });
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({ ConsistentRead: true });
  });

  it('passes on every other fault as it is', async () => {
    const fault = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    dynamo.on(PutCommand).rejects(fault);
    await expect(putItem(table, item, ABSENT)).rejects.toBe(fault);
  });
});

describe('getItems', () => {
  it('asks again for keys that were left unprocessed, and answers in the order asked', async () => {
    const [one, two, three] = keysOf(3);
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { table: [{ ...two }] },
        UnprocessedKeys: { table: { Keys: [{ ...one }, { ...three }] } },
      })
      .resolvesOnce({ UnprocessedKeys: { table: { Keys: [{ ...one }, { ...three }] } } })
      .resolvesOnce({ Responses: { table: [{ ...three }, { ...one }] } });
    expect(await getItems(table, keysOf(3))).toEqual([one, two, three]);
    const asked = dynamo.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems?.table);
    expect(asked.map((request) => request?.Keys)).toEqual([
      [one, two, three],
      [one, three],
      [one, three],
    ]);
    expect(asked.every((request) => request?.ConsistentRead === true)).toBe(true);
  });

  it('gives up when keys stay unprocessed, rather than answer without them', async () => {
    vi.useFakeTimers();
    dynamo.on(BatchGetCommand).resolves({ UnprocessedKeys: { table: { Keys: [keyOf(0)] } } });
    const reading = expect(getItems(table, keysOf(1))).rejects.toThrow('left 1 keys unread after 8 tries');
    await vi.runAllTimersAsync();
    await reading;
  });

  it('reads a hundred keys a time, and nothing for none', async () => {
    dynamo
      .on(BatchGetCommand)
      .callsFake((input) => ({ Responses: { table: input.RequestItems.table.Keys } }));
    expect(await getItems(table, keysOf(250))).toEqual(keysOf(250));
    expect(dynamo.commandCalls(BatchGetCommand)).toHaveLength(3);
    expect(await getItems(table, [])).toEqual([]);
    expect(dynamo.commandCalls(BatchGetCommand)).toHaveLength(3);
  });
});

describe('queryItems', () => {
  it('goes on where a page of DynamoDB ended early, for as many as are still wanted', async () => {
    const [one, two, three] = keysOf(3);
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ ...one }], LastEvaluatedKey: one })
      .resolvesOnce({ Items: [], LastEvaluatedKey: two })
      .resolvesOnce({ Items: [{ ...two }, { ...three }], LastEvaluatedKey: three });
    expect(await queryItems(table, {}, 3)).toEqual([one, two, three]);
    const asked = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(asked.map(({ Limit }) => Limit)).toEqual([3, 2, 2]);
    expect(asked.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, one, two]);
  });

  it('ends when there is no more', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [keyOf(1)] });
    expect(await queryItems(table, {})).toEqual([keyOf(1)]);
    expect(dynamo.commandCalls(QueryCommand)[0]?.args[0].input.Limit).toBeUndefined();
  });
});
