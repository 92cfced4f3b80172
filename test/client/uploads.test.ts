import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../lib/client/index.ts';
import { type DroppingServer, startDropping } from './dropping-server.ts';
import { impatientClock } from './impatient.ts';
import { TinyPlatform } from './tiny-platform.ts';

let server: DroppingServer;
let platform: TinyPlatform;
let client: Client;

beforeEach(async () => {
  platform = new TinyPlatform();
  server = await startDropping(platform.answer);
  platform.url = server.url;
  server.cutting = () => undefined;
  client = createClient({ baseUrl: server.url, apiKey: 'key', clock: impatientClock(), retries: 2 });
});
afterEach(() => server.close());

/** Loses the first answer from this route. */
function cutOnce(route: RegExp): void {
  server.cutting = (_no, { url }) => {
    if (!route.test(url)) return undefined;
    server.cutting = () => undefined;
    return 'unanswered';
  };
}

const routes = (): string[] =>
  server.heard.map(({ method, url }) => `${method} ${url.replace('/api/v1/workspaces/w', '')}`);
const contents = (): string[] =>
  [...platform.documents.values()].map(({ name, bytes }) => `${name}: ${bytes}`);

describe('an upload', () => {
  it('takes content of every kind, under a name', async () => {
    const runs = client.workspaceRuns('w');
    const bytes = new TextEncoder().encode('bytes');

    await runs.uploadDocument(new File(['file'], 'a.csv'));
    await runs.uploadDocument(new File(['file'], 'a.csv'), { name: 'b.csv' });
    await runs.uploadDocument(new Blob(['blob']), { name: 'c.csv' });
    await runs.uploadDocument(bytes, { name: 'd.csv' });
    await runs.uploadDocument(bytes.buffer, { name: 'e.csv' });
    await runs.uploadDocument({ name: 'f.csv', bytes: 'text', type: 'text/csv' });

    expect(contents()).toEqual([
      'a.csv: file',
      'b.csv: file',
      'c.csv: blob',
      'd.csv: bytes',
      'e.csv: bytes',
      'f.csv: text',
    ]);
    expect(server.heard.at(-1)?.body.toString()).toContain('Content-Type: text/csv');
    await expect(runs.uploadDocument(bytes)).rejects.toThrow(
      'A file needs a name with its extension, such as members.csv: pass it as `name`',
    );
  });

  it('brings its settings in either way', async () => {
    const runs = client.workspaceRuns('w');
    const settings = {
      metadata: { from: 'crm' },
      runOptions: { dryRun: true },
      conflictMode: 'keep_both',
    } as const;

    await runs.uploadDocument({ name: 'a.csv', bytes: 'x' }, settings);
    platform.requestBytes = 0;
    await runs.uploadDocument({ name: 'a.csv', bytes: 'x' }, settings);

    const form = server.heard[0]?.body.toString() ?? '';
    for (const [name, value] of [
      ['metadata', '{"from":"crm"}'],
      ['runOptions', '{"dryRun":true}'],
      ['conflictMode', 'keep_both'],
    ])
      expect(form).toContain(`name="${name}"\r\n\r\n${value}\r\n`);
    expect(JSON.parse(server.heard.at(-1)?.body.toString() ?? '')).toEqual(settings);
  });

  it('goes by a form when it is large, or when a request carries less than it seemed', async () => {
    const runs = client.workspaceRuns('w');
    const large = 'x'.repeat(4 * 1024 * 1024 + 1);

    await runs.uploadDocument({ name: 'large.csv', bytes: large });
    platform.requestBytes = 100;
    await runs.uploadDocument({ name: 'small.csv', bytes: 'small' });

    expect(routes().map((route) => route.replace(/uploads\/.*\//, 'uploads/…/'))).toEqual([
      ...['POST /documents/uploads', 'POST /store', 'POST /documents/uploads/…/complete'],
      ...['POST /documents', 'POST /documents/uploads', 'POST /store', 'POST /documents/uploads/…/complete'],
    ]);
    expect(contents()).toEqual([`large.csv: ${large}`, 'small.csv: small']);
    // The store gets no key: it is not ours.
    expect(
      server.heard.filter(({ url }) => url === '/store').map(({ headers }) => headers['x-api-key']),
    ).toEqual([undefined, undefined]);
  });

  it('that is larger than any may be is not sent', async () => {
    const bytes = new Uint8Array(26_214_401);

    const failed = client.workspaceRuns('w').uploadDocument({ name: 'a.csv', bytes });

    await expect(failed).rejects.toMatchObject({ code: 'too_large' });
    expect(routes()).toEqual(['POST /documents/uploads']);
  });

  const WAYS: [string, number, RegExp, number][] = [
    ['in one request', Number.POSITIVE_INFINITY, /\/documents$/, 2],
    // The request that turns out to be too small for it comes first, once.
    ['by a form', 0, /\/complete$/, 5],
  ];
  const MODES = ['reject', 'upload_new_version', 'keep_both'] as const;

  it.each(WAYS.flatMap(([way, ...rest]) => MODES.map((mode) => [`${way}, ${mode}`, mode, ...rest] as const)))(
    '%s: sent again because its answer was lost, it is the same one',
    async (_, mode, bytes, route, sent) => {
      platform.requestBytes = bytes;
      if (mode !== 'reject') platform.documents.set('theirs', { name: 'a.csv', bytes: 'old', versionNo: 1 });
      cutOnce(route);

      const document = await client
        .workspaceRuns('w')
        .uploadDocument({ name: 'a.csv', bytes: 'new' }, { conflictMode: mode });

      expect(server.cuts).toHaveLength(1);
      expect(routes()).toHaveLength(sent);
      expect([...platform.documents]).toEqual(
        {
          reject: [[document.id, { name: 'a.csv', bytes: 'new', versionNo: 1 }]],
          upload_new_version: [['theirs', { name: 'a.csv', bytes: 'new', versionNo: 2 }]],
          keep_both: [
            ['theirs', { name: 'a.csv', bytes: 'old', versionNo: 1 }],
            [document.id, { name: 'a.csv', bytes: 'new', versionNo: 1 }],
          ],
        }[mode],
      );
    },
  );

  it('has one key in all its tries, and another one each time it is made', async () => {
    cutOnce(/\/documents$/);
    const runs = client.workspaceRuns('w');

    await runs.uploadDocument({ name: 'a.csv', bytes: 'a' });
    await runs.uploadDocument({ name: 'b.csv', bytes: 'b' });
    await runs.uploadDocument({ name: 'c.csv', bytes: 'c' }, { idempotencyKey: 'mine' });

    const keys = server.heard.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.any(String), keys[0], expect.any(String), 'mine']);
    expect(new Set(keys).size).toBe(3);
  });

  it('does not take the document of somebody else for its own, however alike', async () => {
    platform.documents.set('theirs', { name: 'a.csv', bytes: 'new', versionNo: 1 });
    server.cutting = (no) => (no === 1 ? 'unanswered' : undefined);

    const failed = client.workspaceRuns('w').uploadDocument({ name: 'a.csv', bytes: 'new' });

    await expect(failed).rejects.toMatchObject({ status: 409 });
    expect(routes()).toEqual(['POST /documents', 'POST /documents']);
  });
});
