import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type WorkspaceRuns } from '../../lib/client/index.ts';
import { startDroppingProxy } from '../client/dropping-proxy.ts';
import type { Cut, DroppingServer } from '../client/dropping-server.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { MODES } from './sent-documents.ts';

let platform: TestPlatform;
let proxy: DroppingServer;
let runs: WorkspaceRuns;

beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());
beforeEach(async () => {
  proxy = await startDroppingProxy(platform.url);
  const { apiKey, workspaceId } = platform.demo;
  let count = 0;
  proxy.cutting = (_no, { method, url }) => {
    if (method !== 'POST' || !MAKES.test(url)) return undefined;
    count += 1;
    return LOST[count % LOST.length];
  };
  runs = createClient({ baseUrl: proxy.url, apiKey }).workspaceRuns(workspaceId);
  return () => proxy.close();
});

/** What makes something, and is then answered in vain every other time, in one way and another. */
const MAKES = /\/(documents|versions|complete|output)$/;
const LOST: (Cut | undefined)[] = [undefined, 'unanswered', undefined, 'halfway'];

const SMALL = 'Email\nada@example.com\n';
/** Few rows, much text: more than one request carries. */
const LARGE = `First Name,Notes\n${Array.from({ length: 180 }, () => `Ada,${'x'.repeat(30_000)}\n`).join('')}`;
const CONTENTS = [SMALL, LARGE, SMALL, SMALL, LARGE, SMALL, SMALL, SMALL];

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id).toSorted();

describe('uploads, the first answer to each of which is lost', () => {
  it.each(MODES)('make one document or one version, and one run, a call: %s', async (conflictMode) => {
    const stem = randomUUID().slice(0, 8);

    const uploaded = [];
    for (const [no, bytes] of CONTENTS.entries()) {
      const name = conflictMode === 'reject' ? `${stem} ${no}.csv` : `${stem}.csv`;
      uploaded.push(await runs.uploadDocument({ name, bytes }, { conflictMode, runOptions: {} }));
    }

    expect(proxy.cuts).toHaveLength(CONTENTS.length);
    const isOne = conflictMode === 'upload_new_version';
    expect(uploaded.map(({ currentVersionNo }) => currentVersionNo)).toEqual(
      CONTENTS.map((_, at) => (isOne ? at + 1 : 1)),
    );
    const listed = await collected(runs.listDocuments({ q: stem }));
    expect(idsOf(listed)).toEqual([...new Set(idsOf(uploaded))]);
    expect(listed).toHaveLength(isOne ? 1 : CONTENTS.length);
    const started = await Promise.all(
      listed.map(({ id }) => {
        const filters = JSON.stringify([{ id: 'inputDocumentId', operator: 'eq', value: id }]);
        return collected(runs.listRuns({ filters }));
      }),
    );
    expect(idsOf(started.flat())).toEqual(idsOf(uploaded.flatMap(({ lastRun }) => lastRun ?? [])));
    expect(started.flat()).toHaveLength(CONTENTS.length);
  });

  it('make one version of a document a call', async () => {
    const { id } = (await platform.upload('versions.csv', SMALL)).body;

    const added = [];
    for (const bytes of CONTENTS) added.push(await runs.addDocumentVersion(id, { name: 'next.csv', bytes }));

    expect(proxy.cuts).toHaveLength(CONTENTS.length);
    expect(added.map((document) => [document.id, document.currentVersionNo, document.byteSize])).toEqual(
      CONTENTS.map((content, at) => [id, at + 2, content.length]),
    );
  });

  it('make one version of an output a call', async () => {
    const { id, output } = (await platform.run(platform.demo.documentId)).body;

    const attached = [];
    for (const bytes of CONTENTS)
      attached.push(await runs.uploadRunOutput(id, { name: 'by hand.csv', bytes }));

    expect(proxy.cuts).toHaveLength(CONTENTS.length);
    expect(attached.map(({ versionNo }) => versionNo)).toEqual(
      CONTENTS.map((_, at) => output.versionNo + at + 1),
    );
  });
});
