/** The parts of dynalite that this room uses; the package has no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  export default function dynalite(options: DynaliteOptions): Server;
}

declare module 'dynalite/db/index.js' {
  export type Item = Record<string, Record<string, unknown>>;

  export interface IndexDefinition {
    IndexName: string;
    IndexStatus?: string;
  }
  export interface TableDefinition {
    TableName: string;
    TableStatus: string;
    GlobalSecondaryIndexes?: IndexDefinition[];
    LocalSecondaryIndexes?: IndexDefinition[];
  }
  interface Range {
    gte: string;
    lt: string;
  }
  type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  /** A method of LevelDB's that abstract-level calls with everything encoded; the options come last. */
  type Inner = (...args: unknown[]) => Promise<unknown>;
  export interface Store {
    db: {
      open(options?: { createIfMissing: boolean }): Promise<void>;
      get(key: string): Promise<unknown>;
      put(key: string, value: unknown): Promise<void>;
      iterator(range: Range): AsyncIterable<[key: string, value: unknown]>;
      batch(operations: Operation[]): Promise<void>;
      clear(range: Range): Promise<void>;
      close(): Promise<void>;
      values(options: unknown): { close(): Promise<void> };
      keys(options: unknown): { close(): Promise<void> };
      _put: Inner;
      _del: Inner;
      _batch: Inner;
      _get: Inner;
    };
  }
  const database: {
    create(options: { path?: string }): Store;
    getIndexActions(
      indexes: IndexDefinition[],
      existing: Item | null,
      item: Item,
      table: TableDefinition,
    ): { puts: { index: string; key: string; item: Item }[] };
  };
  export default database;
}
