import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffOutputs } from '../../lib/apis/workspace-runs/diff/diff-outputs.ts';
import { aRun } from '../support/builders.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const PEOPLE = [
  'First Name,Last Name,Email,Town',
  'Ann,Lee,ann@example.com,Bern',
  'Bob,Ray,bob@example.com,Rome',
];

const runOf = async (name: string, lines: readonly string[], options = {}) => {
  const { body } = await platform.upload(name, lines.join('\n'));
  const run = await platform.run(body.id, options);
  expect(run.body.status).toMatch(/succeeded|failed/);
  return run.body.id as string;
};
const diff = (a: string, b: string, key?: string) =>
  platform.call('GET', `runs/${a}/diff/${b}`, key === undefined ? {} : { key });
const replaceOutput = (runId: string, name: string, content: string) => {
  const body = new FormData();
  body.set('file', new Blob([content]), name);
  return platform.call('POST', `runs/${runId}/output`, { body });
};

describe('GET /runs/{runId}/diff/{otherRunId}', () => {
  it('200: nothing between a run and itself, nor between two runs of the same rows', async () => {
    const first = await runOf('same-1.csv', PEOPLE);
    const second = await runOf('same-2.csv', PEOPLE);
    const sheet = { added: 0, removed: 0, changed: [], truncated: false };

    expect(await diff(first, first)).toMatchObject({ status: 200, body: { sheets: [sheet] } });
    expect((await diff(first, second)).body).toEqual({ sheets: [{ ...sheet, name: 'same-2' }] });
  });

  it('200: rows that were added and removed, and cells that changed, by their place in the later run', async () => {
    const [head = '', ann = '', bob = ''] = PEOPLE;
    const before = await runOf('before.csv', [head, ann, bob]);
    const after = await runOf('after.csv', [
      head,
      'Zoe,Fox,zoe@example.com,Oslo',
      ann,
      bob.replace('Rome', 'Pisa'),
    ]);

    const { body } = await diff(before, after);
    const preview = (await platform.call('GET', `runs/${after}/output/preview`)).body.rows as string[][];
    const column = String.fromCharCode(65 + (preview[3]?.indexOf('Pisa') ?? -1));

    expect(body.sheets).toEqual([
      {
        name: 'after',
        added: 1,
        removed: 0,
        changed: [{ row: 4, column, from: 'Rome', to: 'Pisa' }],
        truncated: false,
      },
    ]);
    expect((await diff(after, before)).body.sheets[0]).toMatchObject({ added: 0, removed: 1 });
  });

  it('200: an output that was replaced by hand counts', async () => {
    const run = await runOf('kept.csv', PEOPLE);
    const edited = await runOf('edited.csv', PEOPLE);
    const rows = (await platform.call('GET', `runs/${edited}/output/preview`)).body.rows as string[][];
    const text = rows
      .map((row) => row.join(','))
      .join('\n')
      .replace('Bern', 'Basel');
    expect((await replaceOutput(edited, 'edited.csv', text)).status).toBe(201);

    expect((await diff(run, edited)).body.sheets).toMatchObject([
      { added: 0, removed: 0, changed: [{ row: 2, from: 'Bern', to: 'Basel' }] },
    ]);
  });

  it('404: an unknown run, one of another workspace, and one without an output', async () => {
    const run = await runOf('alone.csv', PEOPLE);
    const failed = await runOf('broken.xlsx', ['no workbook']);
    const { otherApiKey, otherWorkspaceId } = platform.demo;
    const foreign = await platform.call(
      'GET',
      `/api/v1/workspaces/${otherWorkspaceId}/runs/${run}/diff/${run}`,
      {
        key: otherApiKey,
      },
    );

    expect((await diff(run, UNKNOWN)).status).toBe(404);
    expect((await diff(UNKNOWN, run)).status).toBe(404);
    expect(foreign.status).toBe(404);
    expect(await diff(run, failed)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'RUN_FAILED_NO_OUTPUT' }] },
    });
  });

  it('415: an output that is no table; 422: one that is none inside', async () => {
    const run = await runOf('table.csv', PEOPLE);
    const text = await runOf('text.csv', PEOPLE);
    await replaceOutput(text, 'notes.txt', 'notes');
    const broken = await runOf('damaged.csv', PEOPLE);
    await replaceOutput(broken, 'damaged.xlsx', 'no workbook');

    expect((await diff(run, text)).status).toBe(415);
    expect(await diff(run, broken)).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/cannot be compared: .* Download both to compare them\.$/) },
    });
    expect((await platform.call('GET', `runs/${run}/diff/nonsense`)).status).toBe(422);
  });

  it('409: a run that is not over', async () => {
    const { workspaceId } = platform.demo;
    const kind = 'document';
    const run = await platform.platform.runs.get({
      workspaceId,
      kind,
      runId: await runOf('open.csv', PEOPLE),
    });
    if (run === undefined) throw new Error('The run is gone');
    const open = aRun({ ...run, status: 'running', result: undefined, completedAt: undefined });

    await expect(diffOutputs(platform.platform, run, open)).rejects.toMatchObject({
      refusal: { category: 'conflict', issues: [{ code: 'OUTPUT_NOT_READY' }] },
    });
  });

  it('422: it takes too long', async () => {
    const long = await runOf('long.csv', PEOPLE);
    await replaceOutput(long, 'long.csv', 'a,b\n'.repeat(400_000));
    const { workspaceId } = platform.demo;
    const run = await platform.platform.runs.get({ workspaceId, kind: 'document', runId: long });
    if (run === undefined) throw new Error('The run is gone');

    await expect(diffOutputs(platform.platform, run, run, 1)).rejects.toMatchObject({
      refusal: {
        category: 'invalid',
        message: expect.stringMatching(/takes longer than 0.001 seconds\. Download/),
      },
    });
  });
});
