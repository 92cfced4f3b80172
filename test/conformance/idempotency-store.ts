import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IdempotencyRecord, IdempotencyStore } from '../../lib/apis/records/ports.ts';
import { at } from './builders.ts';

export const aReservation = (members: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
  id: uuid(),
  fingerprint: 'the same request',
  createdAt: at(0),
  runId: uuid(),
  ...members,
});

const DAY_SECONDS = 24 * 3600;

/** What every idempotency store promises. */
export function describeIdempotencyStore(name: string, open: () => Promise<IdempotencyStore>): void {
  describe(`${name}: idempotency store`, () => {
    let store: IdempotencyStore;
    beforeAll(async () => {
      store = await open();
    });

    it('gives a key to the first who asks, and shows it to the others', async () => {
      const [workspaceId, first] = [uuid(), aReservation()];
      expect(await store.reserve(workspaceId, first)).toBeUndefined();
      const second = { ...first, runId: uuid(), fingerprint: 'another request' };
      expect(await store.reserve(workspaceId, second)).toStrictEqual(first);
    });

    it('gives a key to one of a thousand who ask at once', async () => {
      const [workspaceId, { id }] = [uuid(), aReservation()];
      const all = Array.from({ length: 1000 }, () => aReservation({ id }));
      const standing = await Promise.all(all.map((record) => store.reserve(workspaceId, record)));
      const winners = all.filter((_, index) => standing[index] === undefined);
      expect(winners).toHaveLength(1);
      expect(new Set(standing.map((record) => record?.runId))).toEqual(
        new Set([undefined, winners[0]?.runId]),
      );
    });

    it('keeps keys of different workspaces apart', async () => {
      const record = aReservation();
      expect(await store.reserve(uuid(), record)).toBeUndefined();
      expect(await store.reserve(uuid(), { ...record, runId: uuid() })).toBeUndefined();
    });

    it('shows what a completed key was answered with', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      await store.reserve(workspaceId, record);
      const completed = { ...record, runIds: [uuid(), uuid()] };
      await store.complete(workspaceId, completed);
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(completed);
    });

    it('gives a released key to the next who asks', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      await store.reserve(workspaceId, record);
      await store.release(workspaceId, record);
      await store.release(workspaceId, record);
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toBeUndefined();
    });

    it('does not release the reservation of the next holder', async () => {
      const [workspaceId, first, next] = [uuid(), aReservation(), aReservation()];
      await store.reserve(workspaceId, first);
      await store.release(workspaceId, first);
      await store.reserve(workspaceId, { ...next, id: first.id });
      await store.release(workspaceId, first);
      expect(await store.reserve(workspaceId, { ...first, runId: uuid() })).toMatchObject({
        runId: next.runId,
      });
    });

    it('does not release a key that was completed', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      const completed = { ...record, runIds: [record.runId] };
      await store.reserve(workspaceId, record);
      await store.complete(workspaceId, completed);
      await store.release(workspaceId, record);
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(completed);
    });

    it('lets one of those who come at once go on with what was interrupted', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      await store.reserve(workspaceId, record);
      const takers = Array.from({ length: 20 }, () => ({ ...record, createdAt: at(60), takenBy: uuid() }));

      const took = await Promise.all(takers.map((taken) => store.takeOver(workspaceId, record, taken)));

      const winners = takers.filter((_, index) => took[index]);
      expect(winners).toHaveLength(1);
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(winners[0]);
    });

    it('lets nobody take over what was completed meanwhile', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      const completed = { ...record, runIds: [uuid()] };
      await store.reserve(workspaceId, record);
      await store.complete(workspaceId, completed);

      const took = await store.takeOver(workspaceId, record, {
        ...record,
        createdAt: at(60),
        takenBy: uuid(),
      });

      expect(took).toBe(false);
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(completed);
    });

    it('does not release a key that somebody has taken over', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      const taken = { ...record, createdAt: at(60), takenBy: uuid() };
      await store.reserve(workspaceId, record);
      await store.takeOver(workspaceId, record, taken);

      await store.release(workspaceId, record);

      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(taken);
    });

    it('lets nobody complete a key that somebody else has taken over', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      const taken = { ...record, runId: uuid(), earlier: [record.runId], createdAt: at(60), takenBy: uuid() };
      const completed = { ...taken, runIds: [uuid()] };
      await store.reserve(workspaceId, record);
      await store.takeOver(workspaceId, record, taken);

      await store.complete(workspaceId, { ...record, runIds: [uuid()] });
      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(taken);
      await store.complete(workspaceId, completed);
      await store.complete(workspaceId, { ...record, runIds: [uuid()] });

      expect(await store.reserve(workspaceId, { ...record, runId: uuid() })).toStrictEqual(completed);
    });

    it('keeps a key for a day, and counts it as absent from then on', async () => {
      const [workspaceId, record] = [uuid(), aReservation()];
      await store.reserve(workspaceId, record);
      const later = (seconds: number) => ({ ...record, runId: uuid(), createdAt: at(seconds) });
      expect(await store.reserve(workspaceId, later(DAY_SECONDS - 1))).toStrictEqual(record);
      const nextDay = later(DAY_SECONDS);
      expect(await store.reserve(workspaceId, nextDay)).toBeUndefined();
      expect(await store.reserve(workspaceId, later(DAY_SECONDS + 1))).toStrictEqual(nextDay);
    });
  });
}
