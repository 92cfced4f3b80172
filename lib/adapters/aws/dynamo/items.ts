import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { TABLE } from './table.ts';

export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/**
 * Items are flat. What callers shape (input, result, metadata …) is kept as JSON text: DynamoDB's own maps
 * refuse numbers beyond 1e126, nesting beyond 32 levels and empty names, all of which are good JSON.
 */
export type Scalar = string | number | Uint8Array;
export type Item = Key & { [name: string]: Scalar };

export interface Condition {
  expression: string;
  names?: Record<string, string>;
  values?: Record<string, Scalar>;
}

export const ABSENT: Condition = { expression: 'attribute_not_exists(pk)' };
export const atVersion = (version: number): Condition => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

/** The attribute after whose time DynamoDB removes an item, in whole seconds; nothing for one that stays. */
export const timeToLive = (expiresAt: Date | undefined): { [TABLE.ttl]?: number } =>
  expiresAt === undefined ? {} : { [TABLE.ttl]: Math.floor(expiresAt.getTime() / 1000) };

/** DynamoDB removes an expired item within days, so until then the condition has to see through it. */
export const freeAt = (now: Date): Condition => ({
  expression: `${ABSENT.expression} OR #ttl <= :now`,
  names: { '#ttl': TABLE.ttl },
  values: { ':now': Math.floor(now.getTime() / 1000) },
});

const expressionOf = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
  ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
});

/** `stored` is what stands there instead, if anything does. */
export type PutResult = { done: true } | { done: false; stored: Item | undefined };

/**
 * Puts an item under a condition. A write that was applied although its answer was lost meets its own item
 * when it is tried again, so an equal item counts as done.
 */
export async function putItem(table: Table, item: Item, condition: Condition): Promise<PutResult> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: item,
        ...expressionOf(condition),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { done: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The embedded database does not return the item that failed the condition.
    const stored = error.Item === undefined ? await getItem(table, item) : fromAttributes(error.Item);
    return stored !== undefined && sameItem(stored, item) ? { done: true } : { done: false, stored };
  }
}

/** Puts an item whatever stands there. */
export async function setItem(table: Table, item: Item | Key): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** Removes an item if there is one, and if it meets the condition. */
export async function removeItem(table: Table, key: Key, condition?: Condition): Promise<void> {
  try {
    await table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: key,
        ...(condition === undefined ? {} : expressionOf(condition)),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

export async function getItem(table: Table, { pk, sk }: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as Item | undefined;
}

/** Items of a query until there are `count` of them or no more. A page of DynamoDB's ends after 1 MB. */
export async function queryItems(
  table: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'Limit'>,
  count = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, Scalar> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...query,
        TableName: table.name,
        ...(Number.isFinite(count) ? { Limit: count - items.length } : {}),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < count);
  return items;
}

/** The items that exist under the keys, each once and as it stands now, in the keys' order. */
export async function getItems(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const MOST_KEYS = 100; // of one BatchGetItem, which refuses a key that is there twice
  const wanted = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const found = new Map<string, Item>();
  for (let at = 0; at < wanted.length; at += MOST_KEYS) {
    for (const item of await getBatch(table, wanted.slice(at, at + MOST_KEYS))) found.set(nameOf(item), item);
  }
  return wanted.flatMap((key) => found.get(nameOf(key)) ?? []);
}

/** DynamoDB leaves keys unprocessed when the table is throttled or the answer exceeds 16 MB. */
async function getBatch(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const TRIES = 8; // with the waits below some 6 s, well within a request's time
  const items: Item[] = [];
  let open = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let tries = 1; open.length > 0; tries += 1) {
    const { Responses, UnprocessedKeys } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: open, ConsistentRead: true } } }),
    );
    items.push(...((Responses?.[table.name] ?? []) as Item[]));
    open = (UnprocessedKeys?.[table.name]?.Keys ?? []) as typeof open;
    if (open.length === 0) break;
    if (tries === TRIES) throw new Error(`DynamoDB left ${open.length} keys unread after ${TRIES} tries`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** tries));
  }
  return items;
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

function sameItem(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => sameScalar(one[name], other[name]))
  );
}

const sameScalar = (one: Scalar | undefined, other: Scalar | undefined): boolean =>
  one instanceof Uint8Array && other instanceof Uint8Array ? Buffer.compare(one, other) === 0 : one === other;

/** The document client does not translate the item of an exception. */
function fromAttributes(attributes: Record<string, AttributeValue>): Item {
  const entries = Object.entries(attributes).flatMap(([name, value]): [string, Scalar][] => {
    const scalar = value.S ?? value.B ?? (value.N === undefined ? undefined : Number(value.N));
    return scalar === undefined ? [] : [[name, scalar]];
  });
  return Object.fromEntries(entries) as Item;
}
