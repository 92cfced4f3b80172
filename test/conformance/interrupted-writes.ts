import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { DynamoRecords } from '../../lib/adapters/aws/dynamo/dynamo-records.ts';
import { type DynamoStores, dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { DynamoStreamPlaces } from '../../lib/adapters/aws/dynamo/dynamo-stream-places.ts';
import type { Records } from '../../lib/apis/records/ports.ts';
import type { StreamPlace, StreamPlaces } from '../../lib/apis/streams/ports.ts';
import { LEAST_PLACES } from '../../lib/apis/streams/stream-places-keeper.ts';
import { refOf } from '../../lib/runs/run.ts';
import { aQueuedRun, at, claimed, succeeded } from './builders.ts';
import { type Database, MAX_ATTEMPTS } from './dynamo-databases.ts';
import { FAULTS, injectFaults } from './faults.ts';
import { aReservation } from './idempotency-store.ts';
import { anApiKey } from './key-store.ts';
import { aNote, Note } from './records.ts';
import { aStay } from './stream-places.ts';

type Stores = DynamoStores & { notes: Records<Note>; places(streams: string): StreamPlaces };

/** One write verb: what must be there before, the write, and what must be so afterwards, however it went. */
interface Verb {
  prepare?(stores: Stores): Promise<unknown>;
  act(stores: Stores): Promise<unknown>;
  /** What the verb answers when it is done. */
  answer: unknown;
  assess(stores: Stores): Promise<void>;
}

/** Each write verb of each store, on values that no other case shares. */
const VERBS: Record<string, () => Verb> = {
  'runs.insert': () => {
    const run = aQueuedRun({ kind: 'thread' });
    return {
      act: ({ runs }) => runs.insert(run),
      answer: undefined,
      async assess({ runs }) {
        expect(await runs.get(refOf(run))).toStrictEqual(run);
        await expect(runs.insert({ ...run, parentId: uuid() })).rejects.toMatchObject({ code: 'run_exists' });
      },
    };
  },
  'runs.commit': () => {
    const run = claimed(aQueuedRun());
    const done = succeeded(run);
    return {
      prepare: ({ runs }) => runs.insert(run),
      act: ({ runs }) => runs.commit(done, run.version),
      answer: undefined,
      async assess({ runs }) {
        expect(await runs.get(refOf(run))).toStrictEqual(done);
        const { workspaceId } = run;
        const ended = await runs.listByStatus({
          workspaceId,
          kind: 'document',
          status: 'succeeded',
          limit: 5,
        });
        expect(ended.runs).toStrictEqual([done]);
      },
    };
  },
  'log.append': () => {
    const ref = { workspaceId: uuid(), kind: 'document' as const, runId: uuid() };
    const bytes = new TextEncoder().encode('{"event":"row.written"}\n'.repeat(40));
    return {
      act: ({ log }) => log.append(ref, 0, bytes),
      answer: undefined,
      async assess({ log }) {
        expect(await log.end(ref)).toBe(bytes.length);
        expect(Buffer.compare(await log.read(ref, 0), bytes)).toBe(0);
        await expect(log.append(ref, 0, bytes.subarray(1))).rejects.toMatchObject({ code: 'log_moved' });
      },
    };
  },
  'records.insert': () => {
    const [workspaceId, note] = [uuid(), aNote()];
    return {
      act: ({ notes }) => notes.insert(workspaceId, note),
      answer: true,
      assess: async ({ notes }) => {
        expect((await notes.list(workspaceId, { limit: 5 })).records).toStrictEqual([note]);
      },
    };
  },
  'records.replace': () => {
    const [workspaceId, note] = [uuid(), aNote()];
    const second = { ...note, version: 2, text: 'second' };
    return {
      prepare: ({ notes }) => notes.insert(workspaceId, note),
      act: ({ notes }) => notes.replace(workspaceId, second),
      answer: true,
      assess: async ({ notes }) => {
        expect(await notes.get(workspaceId, note.id)).toStrictEqual(second);
      },
    };
  },
  'records.remove': () => {
    const [workspaceId, note] = [uuid(), aNote()];
    return {
      prepare: ({ notes }) => notes.insert(workspaceId, note),
      act: ({ notes }) => notes.remove(workspaceId, note.id),
      answer: undefined,
      assess: async ({ notes }) => {
        expect(await notes.get(workspaceId, note.id)).toBeUndefined();
      },
    };
  },
  'keys.insert': () => {
    const workspaceId = uuid();
    const key = anApiKey({ roles: { [workspaceId]: 'owner' } });
    return {
      act: ({ keys }) => keys.insert(key),
      answer: true,
      assess: async ({ keys }) => {
        expect(await keys.list(workspaceId)).toStrictEqual([key]);
      },
    };
  },
  'keys.replace': () => {
    const workspaceId = uuid();
    const key = anApiKey({ roles: { [workspaceId]: 'owner' } });
    const renamed = { ...key, version: 2, name: 'renamed' };
    return {
      prepare: ({ keys }) => keys.insert(key),
      act: ({ keys }) => keys.replace(renamed),
      answer: true,
      assess: async ({ keys }) => {
        expect(await keys.list(workspaceId)).toStrictEqual([renamed]);
      },
    };
  },
  'idempotency.reserve': () => {
    const [workspaceId, record] = [uuid(), aReservation()];
    return {
      act: ({ idempotency }) => idempotency.reserve(workspaceId, record),
      answer: undefined,
      assess: async ({ idempotency }) => {
        expect(await idempotency.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(record);
      },
    };
  },
  'idempotency.complete': () => {
    const [workspaceId, record] = [uuid(), aReservation()];
    const completed = { ...record, runIds: [uuid()] };
    return {
      prepare: ({ idempotency }) => idempotency.reserve(workspaceId, record),
      act: ({ idempotency }) => idempotency.complete(workspaceId, completed),
      answer: undefined,
      assess: async ({ idempotency }) => {
        expect(await idempotency.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(completed);
      },
    };
  },
  'idempotency.takeOver': () => {
    const [workspaceId, record] = [uuid(), aReservation()];
    const taken = { ...record, createdAt: at(60), takenBy: uuid() };
    return {
      prepare: ({ idempotency }) => idempotency.reserve(workspaceId, record),
      act: ({ idempotency }) => idempotency.takeOver(workspaceId, record, taken),
      answer: true,
      assess: async ({ idempotency }) => {
        expect(await idempotency.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(taken);
      },
    };
  },
  'idempotency.release': () => {
    const [workspaceId, record] = [uuid(), aReservation()];
    return {
      prepare: ({ idempotency }) => idempotency.reserve(workspaceId, record),
      act: ({ idempotency }) => idempotency.release(workspaceId, record),
      answer: undefined,
      assess: async ({ idempotency }) => {
        expect(await idempotency.reserve(workspaceId, { ...record, runId: uuid() })).toBeUndefined();
      },
    };
  },
  'streams.take': () => {
    const [kind, stay] = [uuid(), aStay()];
    return {
      act: ({ places }) => places(kind).take(stay),
      answer: { no: expect.any(Number), holder: stay.holder },
      async assess({ places }) {
        const later = { ...aStay(), now: stay.until };
        expect(await places(kind).take(later)).toMatchObject({ holder: later.holder });
      },
    };
  },
  'streams.giveBack': () => {
    const [kind, stay] = [uuid(), aStay()];
    let place: StreamPlace | undefined;
    return {
      async prepare({ places }) {
        place = await places(kind).take(stay);
      },
      act: async ({ places }) => places(kind).giveBack(place ?? { no: -1, holder: '' }),
      answer: undefined,
      async assess({ places }) {
        const next = await Promise.all(
          Array.from({ length: LEAST_PLACES }, () => places(kind).take(aStay())),
        );
        expect(next).not.toContain(undefined);
      },
    };
  },
  'streams.setCount': () => {
    const kind = uuid();
    return {
      act: ({ places }) => places(kind).setCount(40),
      answer: undefined,
      assess: async ({ places }) => {
        expect(await places(kind).count()).toBe(40);
      },
    };
  },
};

/** Whatever happens to a request on its way, each write happens exactly once. */
export function describeInterruptedWrites(name: string, database: () => Database): void {
  function openWith(script: Parameters<typeof injectFaults>[1]) {
    const { connect, tableName } = database();
    const client = connect();
    const played = injectFaults(client, script);
    const notes = new DynamoRecords({ client, name: tableName }, { type: 'NOTE', schema: Note });
    const places = (streams: string) => new DynamoStreamPlaces({ client, name: tableName }, streams);
    return { stores: { ...dynamoStores(client, tableName), notes, places }, played };
  }

  // Concurrent, because the SDK waits between its tries and no case shares a value with another.
  describe.concurrent.each(Object.keys(VERBS))(`${name}: %s, interrupted`, (verbName) => {
    const aVerb = (): Verb => {
      const make = VERBS[verbName];
      if (make === undefined) throw new TypeError(`${verbName} is not a verb`);
      return make();
    };

    it.each(FAULTS)('%s once: the write is done, and answers so', async (fault) => {
      const verb = aVerb();
      const { stores } = openWith([]);
      await verb.prepare?.(stores);
      const faulty = openWith([fault]);
      expect(await verb.act(faulty.stores)).toStrictEqual(verb.answer);
      expect(faulty.played.tries).toBeGreaterThan(1);
      await verb.assess(stores);
    });

    it.each(FAULTS)('%s on every try: the caller hears of it, and may repeat it', async (fault) => {
      const verb = aVerb();
      const { stores } = openWith([]);
      await verb.prepare?.(stores);
      const faulty = openWith(Array.from({ length: MAX_ATTEMPTS }, () => fault));
      await expect(verb.act(faulty.stores)).rejects.toThrow('by the test');
      expect(await verb.act(stores)).toStrictEqual(verb.answer);
      await verb.assess(stores);
    });
  });
}
