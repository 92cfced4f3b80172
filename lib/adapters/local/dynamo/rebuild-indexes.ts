import database, { type Item, type Store, type TableDefinition } from 'dynalite/db/index.js';
import { FolderError } from '../folder-error.ts';
import { damaged, openingError } from './database-folder.ts';

export interface RebuildOptions {
  now: Date;
  /** Whether there has to be a database: none is made then. */
  isThere: boolean;
  /** How often it was opened, as far as is known from outside. */
  opened: number;
}

/** The key of how often the database was opened; dynalite's keys begin otherwise. */
export const OPENED = 'runplane~opened';

/**
 * Makes the indexes of every table agree with its items, and drops items whose `ttl` has passed. dynalite
 * writes index entries and the item one after another, so a kill between them leaves an entry without its
 * item or an item without its entry. For the time before the server opens the folder: LevelDB lets only
 * one in. Returns how often the database was opened.
 *
 * @throws FolderError when it cannot be opened or read, or has lost what it knew.
 */
export async function rebuildIndexes(
  path: string,
  { now, isThere, opened }: RebuildOptions,
): Promise<number> {
  const store = database.create({ path });
  try {
    await store.db.open({ createIfMissing: !isThere });
  } catch (error) {
    throw openingError(path, error);
  }
  try {
    const known = Number((await store.db.get(OPENED)) ?? 0);
    if (known < opened) throw damaged(path, 'what was written to it last is missing');
    for await (const [, table] of store.db.iterator(within('table~'))) {
      if (isTable(table)) await rebuildTable(store, table, now);
    }
    return known;
  } catch (error) {
    throw error instanceof FolderError ? error : openingError(path, error);
  } finally {
    await store.db.close();
  }
}

/** Enough to keep LevelDB busy, little enough to stay small in memory: index entries are keys. */
const BATCH = 500;

async function rebuildTable({ db }: Store, table: TableDefinition, now: Date): Promise<void> {
  // Killed between creating a table and opening it for use, dynalite would never open it.
  await db.batch([{ type: 'put', key: `table~${table.TableName}`, value: active(table) }]);
  const kinds = [
    { prefix: 'index-global', indexes: table.GlobalSecondaryIndexes ?? [] },
    { prefix: 'index-local', indexes: table.LocalSecondaryIndexes ?? [] },
  ];
  for (const { prefix, indexes } of kinds) {
    for (const { IndexName } of indexes) await db.clear(within(`${prefix}~${table.TableName}~${IndexName}~`));
  }

  let operations: Parameters<typeof db.batch>[0] = [];
  for await (const [key, value] of db.iterator(within(`item-${table.TableName}~`))) {
    const item = value as Item;
    if (isExpired(item, now)) operations.push({ type: 'del', key });
    else {
      for (const { prefix, indexes } of kinds) {
        for (const entry of database.getIndexActions(indexes, null, item, table).puts) {
          const name = `${prefix}~${table.TableName}~${entry.index}~${entry.key}`;
          operations.push({ type: 'put', key: name, value: entry.item });
        }
      }
    }
    if (operations.length < BATCH) continue;
    await db.batch(operations);
    operations = [];
  }
  await db.batch(operations);
}

/** dynalite keeps everything in one LevelDB, told apart by prefixes that end in `~`. */
const within = (prefix: string) => ({ gte: prefix, lt: `${prefix}\u00ff` });

const isTable = (value: unknown): value is TableDefinition =>
  typeof value === 'object' && value !== null && 'TableName' in value && 'TableStatus' in value;

const active = (table: TableDefinition): TableDefinition => ({
  ...table,
  TableStatus: 'ACTIVE',
  ...(table.GlobalSecondaryIndexes === undefined
    ? {}
    : {
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((index) => ({
          ...index,
          IndexStatus: 'ACTIVE',
        })),
      }),
});

const isExpired = (item: Item, now: Date): boolean =>
  item.ttl?.N !== undefined && Number(item.ttl.N) * 1000 <= now.getTime();
