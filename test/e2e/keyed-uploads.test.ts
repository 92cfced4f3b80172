import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '../support/platform.ts';
import { breakingWrites, startQuietPlatform } from './breaking-writes.ts';
import { aName, GONE, idOf, later, MODES, ONE, send, standing, TWO, whenDone } from './sent-documents.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startQuietPlatform();
});
afterAll(() => platform.close());

describe.each(MODES)('an upload under an Idempotency-Key: %s', (mode) => {
  const settings = { conflictMode: mode, run_options: '{}' };

  it('201: the same document and run, and it says that it is repeated', async () => {
    const stem = await aName(platform, mode);
    const sent = { key: randomUUID(), fields: settings };

    const first = await send(platform, stem, sent);
    const again = await send(platform, stem, sent);

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([again.body.id, again.body.lastRun.id]).toEqual([first.body.id, first.body.lastRun.id]);
    expect(await standing(platform, stem)).toEqual(whenDone(mode, 1));
  });

  it('201 or 409 while it is still being answered: twenty at once make one document and one run', async () => {
    const stem = await aName(platform, mode);
    const sent = { key: randomUUID(), fields: settings };

    const answers = await Promise.all(Array.from({ length: 20 }, () => send(platform, stem, sent)));

    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(idOf)).size).toBe(1);
    for (const { status, body } of answers.filter((answer) => !made.includes(answer)))
      expect([status, body.detail]).toEqual([
        409,
        'A request with this Idempotency-Key is still being answered',
      ]);
    expect(await standing(platform, stem)).toEqual(whenDone(mode, 1));
  });

  it('422: another content, name, type or setting under the key', async () => {
    const stem = await aName(platform, mode);
    const sent = { key: randomUUID(), fields: settings };
    await send(platform, stem, sent);

    const others = await Promise.all([
      send(platform, stem, { ...sent, content: TWO.replace('two', 'six') }),
      send(platform, `${stem}-2`, sent),
      send(platform, stem, { ...sent, type: 'text/plain' }),
      send(platform, stem, { ...sent, fields: { ...settings, metadata: '{"by":"hand"}' } }),
      send(platform, stem, { ...sent, fields: { conflictMode: mode } }),
    ]);

    for (const { status, body } of others)
      expect([status, body.errors]).toEqual([
        422,
        [
          {
            path: 'Idempotency-Key',
            message: 'Idempotency-Key was already used with another request; choose a new key',
            code: 'value_error',
          },
        ],
      ]);
    expect(await standing(platform, stem)).toEqual(whenDone(mode, 1));
  });

  it.each(['before', 'after'] as const)(
    '201: where a try broke off %s any of its writes, the next one ends it',
    async (moment) => {
      for (let no = 1, broke = true; broke; no += 1) {
        const stem = await aName(platform, mode);
        const sent = { key: randomUUID(), fields: settings };
        const breaking = breakingWrites(platform.platform, no, moment);
        const first = await send(platform, stem, sent);
        breaking.mend();
        broke = breaking.broke;
        expect([no, first.status]).toEqual([no, broke ? 500 : 201]);

        const answers = await later(platform, GONE, async () => [
          await send(platform, stem, sent),
          await send(platform, stem, sent),
        ]);

        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        expect(new Set(answers.map(idOf)).size).toBe(1);
        expect([no, await standing(platform, stem)]).toEqual([no, whenDone(mode, 1)]);
        // The key, content, version, name, document, run and the key's answer.
        if (!broke) expect(no).toBeGreaterThan(7);
      }
    },
  );
});

describe('an upload under an Idempotency-Key', () => {
  it('409, then 201: a refused upload gives its key back', async () => {
    const stem = await aName(platform, 'keep_both');
    const key = randomUUID();

    const refused = await send(platform, stem, { key });
    const taken = await send(platform, stem, { key, fields: { conflictMode: 'keep_both' } });

    expect([refused.status, taken.status]).toEqual([409, 201]);
  });

  it('422: a key that is blank or longer than 255 characters', async () => {
    const stem = await aName(platform, 'reject');

    const answers = await Promise.all([' ', 'k'.repeat(256)].map((key) => send(platform, stem, { key })));

    expect(answers.map(({ status }) => status)).toEqual([422, 422]);
    expect(await standing(platform, stem)).toEqual([]);
  });

  it('404, then 201: stored but not to be run, it is run once that can be', async () => {
    const stem = await aName(platform, 'reject');
    const workspace = `/api/v1/workspaces/${platform.demo.workspaceId}`;
    const { workspaces } = platform.platform;
    const sent = { key: randomUUID(), fields: { run_options: '{}' } };
    const record = await workspaces.get(platform.demo.workspaceId, platform.demo.workspaceId);
    if (record === undefined) throw new Error(`${workspace} is not there`);
    const { activeConfigurationId, ...inactive } = record;
    await workspaces.replace(record.id, { ...inactive, version: record.version + 1 });

    const refused = [await send(platform, stem, sent), await send(platform, stem, sent)];
    await workspaces.replace(record.id, { ...record, version: record.version + 2 });
    const run = await send(platform, stem, sent);

    expect(activeConfigurationId).toEqual(expect.any(String));
    expect(refused.map(({ status }) => status)).toEqual([404, 404]);
    expect(run).toMatchObject({ status: 201, body: { lastRun: { id: expect.any(String) } } });
    expect(await standing(platform, stem)).toEqual(whenDone('reject', 1));
  });
});

describe('a version under an Idempotency-Key', () => {
  const fields = { run_options: '{}' };

  it('201: the same version and run; 422 with another content, or for another document', async () => {
    const stem = await aName(platform, 'upload_new_version');
    const documentId = (await platform.call('GET', `documents?q=${stem}`)).body.items[0].id;
    const sent = { key: randomUUID(), documentId, fields };

    const first = await send(platform, stem, sent);
    const again = await send(platform, stem, sent);
    const others = [
      await send(platform, stem, { ...sent, content: ONE }),
      await send(platform, stem, { ...sent, documentId: platform.demo.documentId }),
    ];

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([again.body.currentVersionNo, again.body.lastRun.id]).toEqual([2, first.body.lastRun.id]);
    expect(others.map(({ status }) => status)).toEqual([422, 422]);
    expect(await standing(platform, stem)).toEqual(whenDone('upload_new_version', 1));
  });

  it('201 or 409: twenty at once make one version and one run', async () => {
    const stem = await aName(platform, 'upload_new_version');
    const documentId = (await platform.call('GET', `documents?q=${stem}`)).body.items[0].id;
    const sent = { key: randomUUID(), documentId, fields };

    const answers = await Promise.all(Array.from({ length: 20 }, () => send(platform, stem, sent)));

    expect(answers.map(({ status }) => status).filter((status) => ![201, 409].includes(status))).toEqual([]);
    expect(await standing(platform, stem)).toEqual(whenDone('upload_new_version', 1));
  });

  it('201: an interrupted one keeps its number while others come', async () => {
    const stem = await aName(platform, 'upload_new_version');
    const documentId = (await platform.call('GET', `documents?q=${stem}`)).body.items[0].id;
    const sent = { key: randomUUID(), documentId };
    // After its key and its content, the version's own record is the third write.
    const breaking = breakingWrites(platform.platform, 3, 'after');
    const interrupted = await send(platform, stem, sent);
    breaking.mend();
    for (let no = 3; no <= 25; no += 1) await send(platform, stem, { content: `${ONE}${no}`, documentId });

    const again = await later(platform, GONE, () => send(platform, stem, sent));

    expect([interrupted.status, breaking.broke, again.status]).toEqual([500, true, 201]);
    expect(again.body.currentVersionNo).toBe(25);
    const second = await platform.call('GET', `documents/${documentId}/versions/2/download`);
    expect(second.body).toBe(TWO);
    expect((await platform.call('GET', `documents/${documentId}/versions/26/download`)).status).toBe(404);
  });
});
