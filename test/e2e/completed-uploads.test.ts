import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '../support/platform.ts';
import { breakingWrites, startQuietPlatform } from './breaking-writes.ts';
import {
  aName,
  aPostedUpload,
  complete,
  idOf,
  later,
  MODES,
  ONE,
  postTo,
  send,
  standing,
  TWO,
  whenDone,
} from './sent-documents.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startQuietPlatform();
});
afterAll(() => platform.close());

describe.each(MODES)('an upload that is completed again: %s', (mode) => {
  it('201: the same document and run', async () => {
    const stem = await aName(platform, mode);
    const url = await aPostedUpload(platform, stem);

    const first = await complete(platform, url, mode, { runOptions: {} });
    await platform.waitFor(first.body.lastRun.id);
    const again = await complete(platform, url, mode, { runOptions: {} });

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toMatchObject({ id: first.body.id, currentVersionNo: first.body.currentVersionNo });
    expect(again.body.lastRun).toMatchObject({ id: first.body.lastRun.id, status: 'succeeded' });
    expect(await standing(platform, stem)).toEqual(whenDone(mode, 1));
  });

  it('201: ten times at once, one document and one run', async () => {
    const stem = await aName(platform, mode);
    const url = await aPostedUpload(platform, stem);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => complete(platform, url, mode, { runOptions: {} })),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.lastRun.id)).size).toBe(1);
    expect(await standing(platform, stem)).toEqual(whenDone(mode, 1));
  });

  it('201: the document as it is now, when it has a newer version', async () => {
    const stem = await aName(platform, mode);
    const url = await aPostedUpload(platform, stem);
    const first = await complete(platform, url, mode);
    const newer = await send(platform, stem, { content: ONE, documentId: first.body.id });

    const again = await complete(platform, url, mode);

    expect(again.status).toBe(201);
    expect(again.body).toEqual(newer.body);
    expect(again.body.currentVersionNo).toBe(first.body.currentVersionNo + 1);
  });

  it('404: when its document was deleted since', async () => {
    const stem = await aName(platform, mode);
    const url = await aPostedUpload(platform, stem);
    const { body } = await complete(platform, url, mode);
    await platform.call('DELETE', `documents/${body.id}`);

    const again = await complete(platform, url, mode);

    expect(again).toMatchObject({ status: 404, body: { detail: `Document '${body.id}' not found` } });
  });

  it.each(['before', 'after'] as const)(
    '201: where a try broke off %s any of its writes, the next one ends it',
    async (moment) => {
      for (let no = 1, broke = true; broke; no += 1) {
        const stem = await aName(platform, mode);
        const url = await aPostedUpload(platform, stem);
        const breaking = breakingWrites(platform.platform, no, moment);
        const first = await complete(platform, url, mode, { runOptions: {} });
        breaking.mend();
        broke = breaking.broke;
        expect([stem, no, first.status]).toEqual([stem, no, broke ? 500 : 201]);

        const answers = [
          await complete(platform, url, mode, { runOptions: {} }),
          await complete(platform, url, mode),
        ];

        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        expect(new Set(answers.map(idOf)).size).toBe(1);
        expect([no, await standing(platform, stem)]).toEqual([no, whenDone(mode, 1)]);
        // Plan, content, version, name, document, run and the upload itself: it went through all of them.
        if (!broke) expect(no).toBeGreaterThan(6);
      }
    },
  );
});

describe('an upload that is completed again', () => {
  it('409, then 201: a refusal decides nothing', async () => {
    const stem = await aName(platform, 'keep_both');
    const url = await aPostedUpload(platform, stem);

    const refused = await complete(platform, url, 'reject');
    const taken = await complete(platform, url, 'keep_both');

    expect([refused.status, taken.status]).toEqual([409, 201]);
    expect(await standing(platform, stem)).toEqual(whenDone('keep_both', 0));
  });

  it('keeps its content, whatever is posted to its form later', async () => {
    const stem = await aName(platform, 'reject');
    const { body: ticket } = await platform.call('POST', 'documents/uploads', {
      json: { name: `${stem}.csv` },
    });
    await postTo(ticket, TWO);
    await complete(platform, ticket.completeUrl, 'reject');
    await postTo(ticket, ONE);

    const again = await complete(platform, ticket.completeUrl, 'reject');

    expect(again.status).toBe(201);
    expect(await standing(platform, stem)).toEqual(whenDone('reject', 0));
  });

  it('404: what an interrupted try had made was deleted, and its name is another document’s', async () => {
    const stem = await aName(platform, 'reject');
    const url = await aPostedUpload(platform, stem);
    // Plan, name, content, version and document are there; the upload does not say so yet.
    const breaking = breakingWrites(platform.platform, 6, 'before');
    const interrupted = await complete(platform, url, 'upload_new_version');
    breaking.mend();
    const [made] = (await platform.call('GET', `documents?q=${stem}`)).body.items;
    await platform.call('DELETE', `documents/${made.id}`);
    await send(platform, stem, { content: ONE });

    const again = await complete(platform, url, 'upload_new_version');

    expect([interrupted.status, again.status]).toEqual([500, 404]);
    expect(again.body.detail).toBe(`Document '${made.id}' not found`);
    expect(await standing(platform, stem)).toEqual([`.csv: 1 ${ONE} 0`]);
  });

  it('201: a try that goes on holds the name for a minute of its own', async () => {
    const stem = await aName(platform, 'reject');
    const url = await aPostedUpload(platform, stem);
    /** Breaks off where the content would be stored; the name is taken by then. */
    const interrupted = async (atWrite: number) => {
      const breaking = breakingWrites(platform.platform, atWrite, 'before');
      const { status } = await complete(platform, url, 'reject');
      breaking.mend();
      return status;
    };

    const first = await interrupted(3);
    const second = await later(platform, 50, () => interrupted(3));
    const other = await later(platform, 100, () => send(platform, stem, { content: ONE }));
    const again = await complete(platform, url, 'reject');

    expect([first, second, other.status, again.status]).toEqual([500, 500, 409, 201]);
    expect(await standing(platform, stem)).toEqual(whenDone('reject', 0));
  });
});
