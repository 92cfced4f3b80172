import type * as z from 'zod';
import type { ListRecords, Records, Versioned } from '../../apis/platform.ts';
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
import { recordKey, recordSort, workspacePartition } from './keys.ts';

/** What a kind of record is called in its keys, and what it must look like when it is read. */
export interface RecordType<T extends Versioned> {
  /** Upper case; the first part of the sort key. */
  type: string;
  schema: z.ZodType<T>;
}

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
    const item = await getItem(this.#table, recordKey(workspaceId, this.#type, id));
    return item === undefined ? undefined : this.#fromItem(item);
  }

  async getMany(workspaceId: string, ids: readonly string[]): Promise<T[]> {
    const keys = ids.map((id) => recordKey(workspaceId, this.#type, id));
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
    { limit, before, prefix = '' }: ListRecords,
  ): Promise<{ records: T[]; next?: string | undefined }> {
    const from = recordSort(this.#type, prefix);
    const to = before === undefined ? undefined : recordSort(this.#type, before);
    if (to !== undefined && to <= from) return { records: [] };
    // A sort key takes one condition, so an older page within the prefix is a range; its upper end is the
    // last record of the page before, and is left out.
    const within = to?.startsWith(from) === true;
    const items = await queryItems(
      this.#table,
      {
        KeyConditionExpression: `pk = :workspace AND ${within ? 'sk BETWEEN :from AND :to' : 'begins_with(sk, :from)'}`,
        ExpressionAttributeValues: {
          ':workspace': workspacePartition(workspaceId),
          ':from': from,
          ...(within ? { ':to': to } : {}),
        },
        ScanIndexForward: false,
        ConsistentRead: true,
      },
      limit + (within ? 2 : 1),
    );
    const found = items.filter(({ sk }) => sk !== to).map((item) => this.#fromItem(item));
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
