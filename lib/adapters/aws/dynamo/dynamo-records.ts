import type * as z from 'zod';
import type { ListRecords, Records, Versioned } from '../../../apis/records/ports.ts';
import {
  ABSENT,
  atVersion,
  type Condition,
  getItem,
  getItems,
  type Item,
  putItem,
  queryItems,
  removeItem,
  type Table,
} from './items.ts';
import { type Key, recordKey, recordSort, workspacePartition } from './keys.ts';

/** What a kind of record is called in its keys, and what it must look like when it is read. */
export interface RecordType<T extends Versioned> {
  /** Upper case; the first part of the sort key. */
  type: string;
  schema: z.ZodType<T>;
}

/** The table's own bound. A longer id is nobody's, whoever asks for it, and no reason to fail. */
const MAX_SORT_BYTES = 1024;
const isPossible = ({ sk }: Key): boolean => Buffer.byteLength(sk) <= MAX_SORT_BYTES;

const earliest = (one: string, other: string): string => (one < other ? one : other);
const latest = (one: string, other: string): string => (one > other ? one : other);

/** Records of one type as items of their workspace. The record is JSON text beside its version. */
export class DynamoRecords<T extends Versioned> implements Records<T> {
  readonly #table: Table;
  readonly #type: string;
  readonly #schema: z.ZodType<T>;

  constructor(table: Table, { type, schema }: RecordType<T>) {
    this.#table = table;
    this.#type = type;
    this.#schema = schema;
  }

  async get(workspaceId: string, id: string): Promise<T | undefined> {
    const key = recordKey(workspaceId, this.#type, id);
    const item = isPossible(key) ? await getItem(this.#table, key) : undefined;
    return item === undefined ? undefined : this.#fromItem(item);
  }

  async getMany(workspaceId: string, ids: readonly string[]): Promise<T[]> {
    const keys = ids.map((id) => recordKey(workspaceId, this.#type, id)).filter(isPossible);
    return (await getItems(this.#table, keys)).map((item) => this.#fromItem(item));
  }

  insert(workspaceId: string, record: T): Promise<boolean> {
    return this.#put(workspaceId, record, ABSENT);
  }

  replace(workspaceId: string, record: T): Promise<boolean> {
    return this.#put(workspaceId, record, atVersion(record.version - 1));
  }

  async remove(workspaceId: string, id: string): Promise<void> {
    await removeItem(this.#table, recordKey(workspaceId, this.#type, id));
  }

  async list(
    workspaceId: string,
    { limit, order = 'newestFirst', before, after, prefix = '' }: ListRecords,
  ): Promise<{ records: T[]; next?: string | undefined }> {
    const start = recordSort(this.#type, prefix);
    // A sort key takes one condition, so every list is a range, and its ends, which it is not to include, are
    // left out. The last character of the plane stands after all that an id may begin with.
    const from = latest(start, after === undefined ? start : recordSort(this.#type, after));
    const to = before === undefined ? `${start}\uffff` : recordSort(this.#type, before);
    if (to <= from) return { records: [] };
    const items = await queryItems(
      this.#table,
      {
        KeyConditionExpression: 'pk = :workspace AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':workspace': workspacePartition(workspaceId),
          ':from': from,
          ':to': earliest(to, `${start}\uffff`),
        },
        ScanIndexForward: order === 'oldestFirst',
        ConsistentRead: true,
      },
      limit + (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1) + 1,
    );
    const ends = new Set([before, after].map((id) => (id === undefined ? id : recordSort(this.#type, id))));
    const found = items.filter(({ sk }) => !ends.has(sk)).map((item) => this.#fromItem(item));
    const records = found.slice(0, limit);
    return found.length > limit ? { records, next: records.at(-1)?.id } : { records };
  }

  async #put(workspaceId: string, record: T, condition: Condition): Promise<boolean> {
    const { done } = await putItem(this.#table, this.#toItem(workspaceId, record), condition);
    return done;
  }

  #toItem(workspaceId: string, record: T): Item {
    return {
      ...recordKey(workspaceId, this.#type, record.id),
      version: record.version,
      record: JSON.stringify(record),
    };
  }

  #fromItem({ record }: Item): T {
    return this.#schema.parse(JSON.parse(String(record)));
  }
}
