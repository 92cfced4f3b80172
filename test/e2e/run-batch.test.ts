import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timesIn } from '../support/lane.ts';
import type { TestPlatform } from '../support/platform.ts';
import { breakingWrites, startQuietPlatform } from './breaking-writes.ts';
import { GONE, later } from './sent-documents.ts';

/** More than a request of DynamoDB may ask for. */
const MANY = timesIn({ change: 150, long: 500 });

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startQuietPlatform();
});
afterAll(() => platform.close());

const CSV = 'First Name,Email\nAda,ada@example.com\n';
const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';

const upload = async (): Promise<string> => (await platform.upload(`${randomUUID()}.csv`, CSV)).body.id;
const uploads = (count: number) => Promise.all(Array.from({ length: count }, upload));
const batch = (json: unknown, headers: Record<string, string> = {}) =>
  platform.call('POST', 'runs/batch', { json, headers });
const documentsOf = (answer: { body: { runs: { input: { document_id: string } }[] } }) =>
  answer.body.runs.map(({ input }) => input.document_id);

const BATCH_WRITES = {
  documents: ['replace'],
  runs: ['insert'],
  idempotency: ['reserve', 'complete'],
} as const;
/** How many runs of these documents there are. */
const runsOf = async (documentIds: readonly string[]): Promise<number> => {
  const { workspaceId } = platform.demo;
  const { runs } = await platform.platform.runs.list({ workspaceId, kind: 'document', limit: 100 });
  return runs.filter(({ parentId }) => documentIds.includes(parentId)).length;
};

describe('POST /runs/batch', () => {
  it('201: a run for each document, in the order of the request, repetitions collapsed', async () => {
    const documentIds = await uploads(5);
    const shuffled = [4, 0, 2, 0, 1, 3, 4].map((index) => documentIds[index]);

    const answer = await batch({ documentIds: shuffled, options: { logLevel: 'WARNING' } });

    expect(answer.status).toBe(201);
    expect(documentsOf(answer)).toEqual([4, 0, 2, 1, 3].map((index) => documentIds[index]));
    for (const { id } of answer.body.runs) expect((await platform.waitFor(id)).body.status).toBe('succeeded');
  });

  it('201: active runs are answered again; snake_case works as well', async () => {
    const [one, two] = await uploads(2);
    const { body: active } = await platform.call('POST', 'runs', { json: { inputDocumentId: one } });

    const { body } = await batch({ document_ids: [two, one] });

    expect(body.runs[1].id).toBe(active.id);
  });

  it(`201: ${MANY} documents in one call; the same Idempotency-Key gives the same runs`, async () => {
    const documentIds: string[] = [];
    for (let made = 0; made < MANY; made += 50) documentIds.push(...(await uploads(50)));
    const headers = { 'idempotency-key': randomUUID() };

    const first = await batch({ documentIds, options: { dryRun: true } }, headers);
    const again = await batch({ documentIds, options: { dryRun: true } }, headers);

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(documentsOf(first)).toEqual(documentIds);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.runs.map(({ id }: { id: string }) => id)).toEqual(
      first.body.runs.map(({ id }: { id: string }) => id),
    );
    expect((await batch({ documentIds: documentIds.slice(1) }, headers)).status).toBe(422);
  });

  it('404: one missing document, named, and nothing is created', async () => {
    const [one] = await uploads(1);

    expect(await batch({ documentIds: [one, UNKNOWN] })).toMatchObject({
      status: 404,
      body: { detail: `Document ${UNKNOWN} not found` },
    });
    expect((await platform.call('GET', `documents/${one}`)).body).not.toHaveProperty('lastRun');
  });

  it.each<[unknown, string | undefined, string]>([
    [{ document_ids: [] }, 'document_ids', 'too_short'],
    [{}, 'document_ids', 'missing'],
    [{ documentIds: ['x'] }, 'documentIds[0]', 'uuid_parsing'],
    [{ documentIds: UNKNOWN }, 'documentIds', 'list_type'],
    [
      { documentIds: [UNKNOWN], options: { input_sheet_names: ['S'] } },
      'options.input_sheet_names',
      'extra_forbidden',
    ],
    [
      { documentIds: [UNKNOWN], options: { inputSheetNames: ['S'] } },
      'options.inputSheetNames',
      'extra_forbidden',
    ],
    [
      { documentIds: [UNKNOWN], options: { operation: 'validate' } },
      undefined,
      'input_document_required_for_process',
    ],
    [{ documentIds: [UNKNOWN], options: { metadata: { a: 'x'.repeat(20_000) } } }, 'options', 'value_error'],
  ])('422: %j', async (json, path, code) => {
    const { status, body } = await batch(json);

    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { ...(path === undefined ? {} : { path }), message: expect.any(String), code },
    ]);
  });

  it('201: a document that is deleted while its batch is made gets its run; none is refused after another', async () => {
    const documentIds = await uploads(5);
    const { documents } = platform.platform;
    let isDeleting = false;
    const replace: typeof documents.replace = async (workspaceId, record) => {
      if (!isDeleting) {
        isDeleting = true;
        for (const id of documentIds) await platform.call('DELETE', `documents/${id}`);
      }
      return documents.replace(workspaceId, record);
    };
    platform.platform.documents = new Proxy(documents, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        return name === 'replace' ? replace : typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const headers = { 'idempotency-key': randomUUID() };

    const answer = await batch({ documentIds }, headers);
    platform.platform.documents = documents;
    const again = await batch({ documentIds }, headers);

    expect([answer.status, again.status]).toEqual([201, 201]);
    expect(await runsOf(documentIds)).toBe(5);
    expect((await platform.call('GET', `documents/${documentIds[0]}`)).status).toBe(404);
    expect((await batch({ documentIds })).status).toBe(404);
  });

  it.each([1, 2, 3, 4, 5, 9])(
    '201: interrupted at its write %d, it goes on though a document is deleted meanwhile',
    async (no) => {
      const documentIds = await uploads(3);
      const headers = { 'idempotency-key': randomUUID() };
      const broken = breakingWrites(platform.platform, no, 'after', BATCH_WRITES);
      const first = await batch({ documentIds }, headers);
      broken.mend();
      for (const id of documentIds) await platform.call('DELETE', `documents/${id}`);
      const made = await runsOf(documentIds);

      const again = await later(platform, GONE, () => batch({ documentIds }, headers));

      expect([201, 500]).toContain(first.status);
      expect(again.status).toBe(made === 0 ? 404 : 201);
      expect(await runsOf(documentIds)).toBe(made === 0 ? 0 : 3);
    },
  );

  it('422: more documents than one batch takes; the most it takes fit into an answer', async () => {
    const documentIds = Array.from({ length: 1001 }, () => randomUUID());

    const refused = await batch({ documentIds });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'documentIds', code: 'too_long' }] },
    });
    expect((await batch({ documentIds: documentIds.slice(1) })).status).toBe(404);
  });

  it('413: a body longer than a megabyte', async () => {
    const documentIds = Array.from({ length: 30_000 }, () => UNKNOWN);

    expect((await batch({ documentIds })).status).toBe(413);
  });
});
