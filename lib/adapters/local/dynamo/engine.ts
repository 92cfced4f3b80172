import type { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import dynalite from 'dynalite';
import database, { type Store } from 'dynalite/db/index.js';
import { OPENED } from './rebuild-indexes.ts';

/** What dynalite asks of a request, which comes as events `data` and `end`, and of its answer. */
export interface EngineRequest extends EventEmitter {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
}
export interface EngineResponse {
  statusCode: number;
  setHeader(name: string, value: string | number): unknown;
  end(body?: string): unknown;
}

/** dynalite over one opened database, without a server of its own. */
export interface Engine {
  answer(req: EngineRequest, res: EngineResponse): void;
  /** For when nothing is at work any more. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** In memory without one. */
  folder?: string | undefined;
  /** Counted in the database, for who looks at it from outside. */
  opened: number;
  /** Told once that nothing more can be written: LevelDB has to be opened anew. */
  onWriteFailed(error: unknown): void;
}

export async function openEngine({ folder, opened, onWriteFailed }: EngineOptions): Promise<Engine> {
  const { create } = database;
  const made: { store?: Store } = {};
  database.create = (options) => {
    made.store = create(options);
    return made.store;
  };
  const times = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  const server = dynalite({ ...(folder === undefined ? {} : { path: folder }), ...times });
  database.create = create;
  const { store } = made;
  const [answer] = server.listeners('request') as Engine['answer'][];
  if (store === undefined || answer === undefined)
    throw new TypeError('dynalite made no store or no listener');
  guardWrites(store, onWriteFailed);
  closeIterators(store);
  await store.db.open();
  if (folder !== undefined) await store.db.put(OPENED, opened);
  return { answer, close: () => store.db.close() };
}

/**
 * Puts items on the disk before they are acknowledged, and answers what LevelDB cannot do instead of ending the
 * process, which is what dynalite does with an error that is not its own. After the first write that failed
 * LevelDB takes no other: what stood behind half a record would not be read again.
 */
function guardWrites({ db }: Store, onWriteFailed: (error: unknown) => void): void {
  let failed: unknown;
  const guarded =
    (method: Store['db']['_put'], isWrite: boolean): Store['db']['_put'] =>
    async (...args) => {
      if (isWrite && failed !== undefined) throw failed;
      try {
        return await method.apply(db, isWrite && isKept(args[0]) ? synced(args) : args);
      } catch (error) {
        throw isWrite ? fail(error) : answerable(error);
      }
    };
  const fail = (error: unknown): unknown => {
    if (failed === undefined) {
      failed = answerable(error);
      onWriteFailed(error);
    }
    return failed;
  };
  db._put = guarded(db._put, true);
  db._del = guarded(db._del, true);
  db._batch = guarded(db._batch, true);
  db._get = guarded(db._get, false);
}

/**
 * Closes what a query or a scan reads by when it is done with it, which dynalite does by a method that LevelDB's
 * iterators no longer have. An open one keeps in memory and on the disk all that was there when it was opened.
 */
function closeIterators({ db }: Store): void {
  for (const method of ['values', 'keys'] as const) {
    const open = db[method].bind(db);
    db[method] = (options) => {
      const iterator = open(options);
      return Object.assign(iterator, { return: () => iterator.close() });
    };
  }
}

/** Entries of indexes, which come in batches or before their items, are made anew at each start. */
const isKept = (key: unknown): boolean => !String(key).startsWith('index-') && !Array.isArray(key);

const synced = (args: readonly unknown[]): unknown[] => {
  const options = args.at(-1);
  return [...args.slice(0, -1), { ...(typeof options === 'object' ? options : {}), sync: true }];
};

/** As dynalite wants an error to be that it is to answer with. */
const answerable = (cause: unknown): Error =>
  Object.assign(new Error('The database could not be written or read', { cause }), {
    statusCode: 500,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
      message: 'The database could not be written or read',
    },
  });
