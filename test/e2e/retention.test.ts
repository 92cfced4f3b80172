import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeExpired } from '../../lib/adapters/local/dynamo/remove-expired.ts';
import { DiskFileStore } from '../../lib/adapters/local/files/disk-file-store.ts';
import { LOCAL_TABLE, type LocalPlatform } from '../../lib/adapters/local/local-platform.ts';
import { documentRunResult } from '../../lib/apis/workspace-runs/document-run.ts';
import type { Run } from '../../lib/runs/run.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

const keep = (retention: Record<string, number | null>) =>
  platform.call('PATCH', `/api/v1/workspaces/${platform.demo.workspaceId}`, { json: { retention } });

async function aRun(name: string): Promise<Run> {
  const { body: document } = await platform.upload(name, 'First Name,Email\nAda,ada@example.com\n');
  const { body } = await platform.run(document.id);
  expect(body.status).toBe('succeeded');
  return stored(body.id);
}

async function stored(runId: string): Promise<Run> {
  const ref = { workspaceId: platform.demo.workspaceId, kind: 'document', runId } as const;
  const run = await platform.platform.runs.get(ref);
  if (run === undefined) throw new Error(`Run ${runId} is not stored`);
  return run;
}

/** Makes a run one that ended so many days ago. */
async function age(run: Run, days: number): Promise<void> {
  const at = inDays(-days).toISOString();
  const aged = { ...run, startedAt: at, completedAt: at, version: run.version + 1 } as Run;
  await platform.platform.runs.commit(aged, run.version);
}

const fileOf = (run: Run): string => documentRunResult(run).output?.fileKey ?? '';

describe('retention', () => {
  it('keeps everything by default', async () => {
    const run = await aRun('kept.csv');
    await age(run, 4000);

    expect(run.retention).toBeUndefined();
    expect((await platform.call('GET', `runs/${run.id}/output/download`)).status).toBe(200);
    expect((await platform.call('GET', `runs/${run.id}/events/download`)).status).toBe(200);
  });

  it('404: an output whose days are over, with a sentence that says so; the run and its metrics stay', async () => {
    await keep({ runsDays: null, logsDays: null, outputsDays: 30 });
    const run = await aRun('output.csv');
    expect((await platform.call('GET', `runs/${run.id}/output/download`)).status).toBe(200);
    await age(run, 31);

    const detail = "Run output was removed after 30 days, as the workspace's retention setting asks";
    const { body, status } = await platform.call('GET', `runs/${run.id}/output/download`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ detail, errors: [{ message: detail, code: 'RUN_OUTPUT_REMOVED' }] });
    const redirected = await platform.call('GET', `runs/${run.id}/output/download?redirect=true`);
    expect(redirected.status).toBe(404);
    const output = await platform.call('GET', `runs/${run.id}/output`);
    expect(output.body).toMatchObject({ ready: false, has_output: false });
    expect((await platform.call('GET', `runs/${run.id}`)).body.output.ready).toBe(false);
    expect((await platform.call('GET', `runs/${run.id}/metrics`)).status).toBe(200);
    const document = await platform.call('GET', `documents/${run.parentId}/download`);
    expect(document.body).toContain('First Name,Email');
  });

  it('removes the files that are over and no others', async () => {
    await keep({ runsDays: null, logsDays: null, outputsDays: null });
    const forEver = await aRun('for-ever.csv');
    await keep({ outputsDays: 7 });
    const forAWeek = await aRun('for-a-week.csv');
    const folder = join(platform.dataFolder, 'files');
    const filesIn = (days: number) => new DiskFileStore({ folder, baseUrl: '', now: () => inDays(days) });

    await filesIn(6).removeExpired();
    expect(await platform.platform.files.head(fileOf(forAWeek))).toBeDefined();
    expect(await filesIn(8).removeExpired()).toBeGreaterThan(0);
    expect(await platform.platform.files.head(fileOf(forAWeek))).toBeUndefined();
    expect(await platform.platform.files.head(fileOf(forEver))).toBeDefined();
    const gone = await platform.call('GET', `runs/${forAWeek.id}/output/download`);
    expect(gone).toMatchObject({ status: 404, body: { detail: 'Run output is unavailable' } });
  });

  it('404: a log whose days are over', async () => {
    await keep({ runsDays: null, logsDays: 1, outputsDays: null });
    const run = await aRun('log.csv');
    expect((await platform.call('GET', `runs/${run.id}/events/download`)).status).toBe(200);
    await age(run, 2);

    expect(await platform.call('GET', `runs/${run.id}/events/download`)).toMatchObject({
      status: 404,
      body: { detail: "Run log was removed after 1 day, as the workspace's retention setting asks" },
    });
  });

  it('removes a run and its log; its document stays, without a last run, and can be run again', async () => {
    await keep({ runsDays: 10, logsDays: null, outputsDays: null });
    const run = await aRun('run.csv');
    const kept = await aRun('run-not-yet.csv');
    await age(run, 11);
    const { client } = platform.platform as unknown as LocalPlatform;

    expect(await removeExpired(client, LOCAL_TABLE, new Date())).toBe(1);

    const ref = { workspaceId: run.workspaceId, kind: 'document', runId: run.id } as const;
    expect((await platform.call('GET', `runs/${run.id}`)).status).toBe(404);
    expect((await platform.call('GET', `runs/${kept.id}`)).status).toBe(200);
    const { body: document } = await platform.call('GET', `documents/${run.parentId}`);
    expect(document).not.toHaveProperty('lastRun');
    expect((await platform.run(run.parentId)).body.status).toBe('succeeded');
    expect(await platform.platform.log.end(ref)).toBeGreaterThan(0);
    await removeExpired(client, LOCAL_TABLE, inDays(10.1));
    expect(await platform.platform.log.end(ref)).toBe(0);
  });

  it('goes by what the setting was when the run was created', async () => {
    await keep({ runsDays: 5, logsDays: null, outputsDays: null });
    const run = await aRun('before.csv');
    await keep({ runsDays: null });

    expect((await stored(run.id)).retention).toEqual({ runsDays: 5 });
    expect((await aRun('after.csv')).retention).toBeUndefined();
  });
});
