import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Item, Scalar } from '../../lib/adapters/aws/dynamo/items.ts';
import type { Key } from '../../lib/adapters/aws/dynamo/keys.ts';
import { type IndexName, TABLE } from '../../lib/adapters/aws/dynamo/table.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { meets } from './expressions.ts';

/** An item as it was written at an instant, in milliseconds; undefined when it was removed. */
interface Version {
  at: number;
  item: Item | undefined;
}

interface Write {
  Item?: Record<string, unknown> | undefined;
  ConditionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

export interface MemoryTableOptions {
  /** The clock by which a read can be late. */
  now?: () => number;
  /** Whose writes are made whatever their conditions say: a fault that is to be found. */
  forgets?: (key: Key) => boolean;
  /** Told of every write, as it is made; without an item it was a removal. */
  wrote?: (key: Key, item: Item | undefined) => void;
}

/** It takes a millisecond to make, and knows of no table: each has one that inherits from it. */
const CLIENT = DynamoDBDocumentClient.from(new DynamoDBClient(EMBEDDED_CREDENTIALS));

const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * The one table of the platform, kept in memory, with what our adapter asks of DynamoDB and what it has to
 * expect of it: conditional writes, queries in order and by page, sparse indexes with keys only, and reads
 * that are behind the writes unless they ask for consistency.
 */
export class MemoryTable {
  /** How far inconsistent reads are behind, in milliseconds. */
  lag = 0;
  readonly #partitions = new Map<string, Map<string, Version[]>>();
  readonly #now: () => number;
  readonly #forgets: (key: Key) => boolean;
  readonly #wrote: (key: Key, item: Item | undefined) => void;

  constructor({ now = Date.now, forgets = () => false, wrote = () => undefined }: MemoryTableOptions = {}) {
    this.#now = now;
    this.#forgets = forgets;
    this.#wrote = wrote;
  }

  /** A client that sends to this table what it would send to DynamoDB, whatever the table is called. */
  client(): DynamoDBDocumentClient {
    const client: DynamoDBDocumentClient = Object.create(CLIENT);
    return Object.assign(client, { send: async (command: unknown) => this.answer(command) });
  }

  /** What DynamoDB would answer. */
  answer(command: unknown) {
    if (command instanceof GetCommand) {
      const { Key, ConsistentRead } = command.input;
      return { Item: this.#read(toKey(Key), ConsistentRead === true) };
    }
    if (command instanceof PutCommand) {
      const item = toItem(command.input.Item);
      this.#write(item, item, command.input);
      return {};
    }
    if (command instanceof DeleteCommand) {
      this.#write(toKey(command.input.Key), undefined, command.input);
      return {};
    }
    if (command instanceof BatchGetCommand) {
      const [[name, asked] = []] = Object.entries(command.input.RequestItems ?? {});
      const found = (asked?.Keys ?? []).flatMap((key) => this.#read(toKey(key), true) ?? []);
      return { Responses: { [String(name)]: found } };
    }
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof ScanCommand) return this.#scan(command.input);
    throw new TypeError('The table in memory does not know this command');
  }

  /** Writes an item whatever stands there. */
  put(item: Item): void {
    this.#write(item, item, {});
  }

  #write(key: Key, item: Item | undefined, write: Write): void {
    const { ConditionExpression } = write;
    const standing = this.#read(key, true);
    const isBound = ConditionExpression !== undefined && !this.#forgets(key);
    if (isBound && !meets(ConditionExpression, standing, write)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(standing === undefined ? {} : { Item: toAttributes(standing) }),
      });
    }
    const partition = this.#partitions.get(key.pk) ?? new Map<string, Version[]>();
    this.#partitions.set(key.pk, partition);
    const versions = partition.get(key.sk) ?? [];
    partition.set(key.sk, versions);
    versions.push({ at: this.#now(), item: item && { ...item } });
    this.#wrote(key, item);
  }

  #read({ pk, sk }: Key, isConsistent: boolean): Item | undefined {
    return seen(this.#partitions.get(pk)?.get(sk), isConsistent ? NO_LIMIT : this.#now() - this.lag);
  }

  #query(input: QueryCommand['input']) {
    const { KeyConditionExpression = '', FilterExpression, ScanIndexForward = true, ConsistentRead } = input;
    const { Limit = NO_LIMIT, ExclusiveStartKey } = input;
    const index = input.IndexName === undefined ? undefined : TABLE.indexes[input.IndexName as IndexName];
    const sort = index?.sort ?? TABLE.key.sort;
    const isConsistent = ConsistentRead === true && index === undefined;
    const moment = isConsistent ? NO_LIMIT : this.#now() - this.lag;
    const items = this.#candidates(input, index === undefined)
      .flatMap((versions) => seen(versions, moment) ?? [])
      .filter((item) => index === undefined || (index.partition in item && index.sort in item))
      .filter((item) => meets(KeyConditionExpression, item, input))
      .map((item) => (index === undefined ? { ...item } : keysOf(item, index)));
    const order = (one: Item, other: Item): number =>
      byName(one, other, sort) ||
      byName(one, other, TABLE.key.sort) ||
      byName(one, other, TABLE.key.partition);
    items.sort((one, other) => (ScanIndexForward ? order(one, other) : order(other, one)));
    const from =
      ExclusiveStartKey === undefined ? 0 : items.findIndex((item) => sameKey(item, ExclusiveStartKey)) + 1;
    const page = items.slice(from, from + Limit);
    const last = page.at(-1);
    return {
      Items: page.filter((item) => FilterExpression === undefined || meets(FilterExpression, item, input)),
      // DynamoDB stops where it is told to, and does not know that nothing follows.
      ...(last !== undefined && page.length === Limit ? { LastEvaluatedKey: last } : {}),
    };
  }

  /** The whole table at once, and whole items, whatever part of them was asked for. */
  #scan({ FilterExpression, ...input }: ScanCommand['input']) {
    const all = [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
    const items = all.flatMap((versions) => seen(versions, NO_LIMIT) ?? []);
    return {
      Items: items.filter((item) => FilterExpression === undefined || meets(FilterExpression, item, input)),
    };
  }

  /** What may be in the answer: one partition where the table itself is asked, else everything. */
  #candidates(input: QueryCommand['input'], ofTable: boolean): Version[][] {
    const [, placeholder] = /^pk = (:\w+)/.exec(input.KeyConditionExpression ?? '') ?? [];
    const named = input.ExpressionAttributeValues?.[placeholder ?? ''];
    const partitions =
      ofTable && typeof named === 'string' ? [this.#partitions.get(named)] : [...this.#partitions.values()];
    return partitions.flatMap((partition) => [...(partition?.values() ?? [])]);
  }
}

const seen = (versions: readonly Version[] | undefined, moment: number): Item | undefined =>
  versions?.findLast(({ at }) => at <= moment)?.item;

const byName = (one: Item, other: Item, name: string): number => {
  const [a, b] = [String(one[name]), String(other[name])];
  return a === b ? 0 : a < b ? -1 : 1;
};

const sameKey = (item: Item, key: Record<string, unknown>): boolean =>
  item.pk === key.pk && item.sk === key.sk;

/** What an index holds of an item: all of ours carry keys only. */
function keysOf({ pk, sk, ...rest }: Item, index: { partition: string; sort: string }): Item {
  const names = [index.partition, index.sort];
  return { pk, sk, ...Object.fromEntries(Object.entries(rest).filter(([name]) => names.includes(name))) };
}

function toKey(key: Record<string, unknown> | undefined): Key {
  const { pk, sk } = key ?? {};
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new TypeError('A key is two texts');
  return { pk, sk };
}

function toItem(written: Record<string, unknown> | undefined): Item {
  const entries = Object.entries(written ?? {}).map(([name, value]): [string, Scalar] => {
    if (typeof value === 'string' || typeof value === 'number') return [name, value];
    if (value instanceof Uint8Array) return [name, value];
    throw new TypeError(`${name} is neither text nor number nor bytes`);
  });
  return { ...toKey(written), ...Object.fromEntries(entries) };
}

/** As the document client leaves them in an exception. */
const toAttributes = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]): [string, AttributeValue] => [name, toAttribute(value)]),
  );

function toAttribute(value: Scalar): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { B: value };
}
