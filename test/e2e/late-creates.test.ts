import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../lib/apis/platform.ts';
import { aGate } from '../support/gate.ts';
import type { Answer, TestPlatform } from '../support/platform.ts';
import { breakingWrites, startQuietPlatform } from './breaking-writes.ts';
import { aPostedUpload, complete, later } from './sent-documents.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startQuietPlatform();
});
afterAll(() => platform.close());

const aDocument = async (): Promise<string> =>
  (await platform.upload(`${randomUUID()}.csv`, 'Email\none@example.com\n')).body.id;
const create = (documentId: string, key?: string, options: object = {}): Promise<Answer> =>
  platform.call('POST', 'runs', {
    json: { inputDocumentId: documentId, ...options },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const newest = async (path: string): Promise<{ id: string }> =>
  (await platform.call('GET', `${path}?limit=1`)).body.items[0];
const age = (instant: string, seconds = 0): number => Date.now() + seconds * 1000 - Date.parse(instant);
const JUST_NOW = 20_000;

/** The next runs to be recorded wait until they are let go. */
function holdInserts(count: number): { held: Promise<void>; letGo(): void; mend(): void } {
  const { runs } = platform.platform;
  const [waiting, held] = [aGate(), aGate()];
  let left = count;
  const slow = new Proxy(runs, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'insert') return value.bind(target);
      return async (...given: Parameters<Platform['runs']['insert']>) => {
        const isHeld = left > 0;
        left -= 1;
        if (left === 0) held.open();
        if (isHeld) await waiting.opened;
        return target.insert(...given);
      };
    },
  });
  platform.platform.runs = slow;
  return {
    held: held.opened,
    letGo: waiting.open,
    mend: () => {
      platform.platform.runs = runs;
    },
  };
}

describe('what is made late is of the time when it is made', () => {
  it('an upload that is completed after others', async () => {
    const url = await aPostedUpload(platform, `late-${randomUUID()}`);
    const documentId = await aDocument();
    const { body: before } = await create(documentId);
    await platform.waitFor(before.id);

    const { body: made } = await later(platform, 3000, () =>
      complete(platform, url, 'reject', { runOptions: {} }),
    );

    const { id: runId } = made.lastRun;
    expect(await newest('runs')).toMatchObject({ id: runId });
    expect(await newest('documents')).toMatchObject({ id: made.id });
    const run = await platform.waitFor(runId);
    expect(age(run.body.created_at, 3000)).toBeLessThan(JUST_NOW);
    expect(age(made.createdAt)).toBeLessThan(JUST_NOW);
  });

  it.each([60, 12 * 60, 2 * 3600, 23 * 3600])(
    'a run under a key that an interrupted request took %i s before',
    async (seconds) => {
      const [documentId, key] = [await aDocument(), randomUUID()];
      const breaking = breakingWrites(platform.platform, 3, 'before');
      const first = await create(documentId, key);
      breaking.mend();
      const { body: between } = await create(await aDocument());

      const made = await later(platform, seconds + 1, () => create(documentId, key));
      const again = await create(documentId, key);

      expect([first.status, made.status, again.status]).toEqual([500, 201, 201]);
      expect(age(made.body.created_at, seconds)).toBeLessThan(JUST_NOW);
      expect(again.body.id).toBe(made.body.id);
      expect(made.body.id > between.id).toBe(true);
      expect(await newest('runs')).toMatchObject({ id: made.body.id });
      const ended = await platform.waitFor(made.body.id);
      expect(ended.body.status).toBe('succeeded');
    },
  );

  it('runs of a batch under such a key, none of them twice', async () => {
    const [documentIds, key] = [[await aDocument(), await aDocument()], randomUUID()];
    const batch = () =>
      platform.call('POST', 'runs/batch', { json: { documentIds }, headers: { 'idempotency-key': key } });
    const breaking = breakingWrites(platform.platform, 5, 'before');
    const first = await batch();
    breaking.mend();
    const { body: between } = await create(await aDocument());

    const made = await later(platform, 7200, batch);
    const again = await batch();

    expect([first.status, made.status, again.status]).toEqual([500, 201, 201]);
    const ids = (answer: Answer) => answer.body.runs.map(({ id }: { id: string }) => id);
    expect(ids(again)).toEqual(ids(made));
    expect(ids(made).filter((id: string) => id > between.id).length).toBeGreaterThan(0);
    for (const documentId of documentIds) {
      const filters = JSON.stringify([{ id: 'inputDocumentId', operator: 'eq', value: documentId }]);
      const { body } = await platform.call('GET', `runs?filters=${encodeURIComponent(filters)}`);
      expect(body.items).toHaveLength(1);
    }
  });

  it('a run of a thread, which is not over when the next message comes', async () => {
    const { workspaceId } = platform.demo;
    const threads = `/api/projects/${workspaceId}/threads`;
    const { threadId } = (await platform.call('POST', threads, { json: {} })).body;
    const headers = { 'idempotency-key': randomUUID() };
    const json = { message: 'Hello' };
    const breaking = breakingWrites(platform.platform, 1, 'before', { runs: ['insert'] });
    const first = await platform.call('POST', `${threads}/${threadId}/runs`, { json, headers });
    breaking.mend();

    const made = await later(platform, 12 * 60, () =>
      platform.call('POST', `${threads}/${threadId}/runs`, { json, headers }),
    );
    const path = `${threads}/${threadId}/runs/${made.body.runId}`;
    const run = async () => (await platform.call('GET', path)).body;

    expect([first.status, made.status]).toEqual([500, 201]);
    expect(age(made.body.createdAt, 12 * 60)).toBeLessThan(JUST_NOW);
    await expect.poll(async () => (await run()).status, { timeout: 20_000 }).toBe('completed');
  });
});

describe("a laptop's clock that is set back", () => {
  // Until the clock had caught up, the key was taken for one of a request that is still at work.
  it.each([60, 3 * 3600])('by %i s keeps no key from whoever asks again', async (seconds) => {
    const [documentId, key] = [await aDocument(), randomUUID()];
    const breaking = breakingWrites(platform.platform, 3, 'before');
    const first = await create(documentId, key);
    breaking.mend();

    const made = await later(platform, -seconds, () => create(documentId, key));
    const again = await create(documentId, key);

    expect([first.status, made.status, again.status]).toEqual([500, 201, 201]);
    expect(again.body.id).toBe(made.body.id);
    expect((await platform.waitFor(made.body.id)).body.status).toBe('succeeded');
  });
});

describe('a creator that stands still', () => {
  it('for more than 5 s is answered with the run that took its place', async () => {
    const documentId = await aDocument();
    const hold = holdInserts(1);
    const slow = create(documentId);
    await hold.held;
    const quick = await later(platform, 6, () => create(documentId));
    hold.letGo();
    const late = await slow;
    hold.mend();

    expect([quick.status, late.status]).toEqual([201, 201]);
    const open = await platform.call('GET', `documents/${documentId}`);
    expect(open.body.lastRun.id).toBeDefined();
    const filters = JSON.stringify([{ id: 'inputDocumentId', operator: 'eq', value: documentId }]);
    const { body } = await platform.call('GET', `runs?filters=${encodeURIComponent(filters)}`);
    // The slow one is a run of its own only where the quick one had ended by then.
    const ids = new Set([quick.body.id, late.body.id]);
    expect(body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual([...ids].toSorted());
    for (const { id } of body.items) expect((await platform.waitFor(id)).body.status).toBe('succeeded');
  });

  it('makes nothing once its key was taken over', async () => {
    const [documentId, key] = [await aDocument(), randomUUID()];
    const hold = holdInserts(1);
    const slow = create(documentId, key);
    await hold.held;
    const quick = await later(platform, 120, () => create(documentId, key));
    hold.letGo();
    const late = await slow;
    hold.mend();
    const again = await create(documentId, key);

    expect([quick.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(quick.body.id);
    expect(late.status === 409 || late.body.id === quick.body.id).toBe(true);
    const filters = JSON.stringify([{ id: 'inputDocumentId', operator: 'eq', value: documentId }]);
    const { body } = await platform.call('GET', `runs?filters=${encodeURIComponent(filters)}`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([quick.body.id]);
  });
});
