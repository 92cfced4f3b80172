import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLog } from '../../../lib/apis/log/log-step.ts';
import { type Run, type RunKind, refOf } from '../../../lib/runs/run.ts';
import { amendRun, cancelRun, claimRun, finishRun, startRun } from '../../../lib/runs/service.ts';
import { settleRun } from '../../../lib/runs/settle.ts';
import { sweepRuns } from '../../../lib/runs/sweep.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

let runs: TestRuns;
let lines: [message: string, fields: Record<string, unknown>][];
let platform: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
  lines = [];
  const line = (message: string, fields: Record<string, unknown> = {}) => void lines.push([message, fields]);
  const logger = { info: line, warn: line, error: line };
  platform = withLog({ ...runs, logger }, { requestId: 'req_1' });
});
afterEach(() => runs.close());

const start = (kind: RunKind = 'document'): Promise<Run> =>
  startRun(platform, {
    kind,
    workspaceId: runs.newId(),
    parentId: runs.newId(),
    input: { message: 'not for the log' },
  });
const named = ({ id: runId, workspaceId, kind }: Run) => ({
  requestId: 'req_1',
  runId,
  workspaceId,
  kind,
});
const linesSaying = (message: string) =>
  lines.filter(([said]) => said === message).map(([, fields]) => fields);

describe('runs that are logged', () => {
  it('say that they were created, and how they ended after how long', async () => {
    const run = await start();
    const claimed = await claimRun(platform, refOf(run), 0);
    runs.advance(3);
    await finishRun(platform, claimed, { type: 'succeeded', result: { output: 'not for the log' } });

    expect(lines).toEqual([
      ['run created', named(run)],
      ['run ended', { ...named(run), status: 'succeeded', attempt: 1, milliseconds: 3000 }],
    ]);
  });

  it('say why they failed', async () => {
    const run = await start();
    const claimed = await claimRun(platform, refOf(run), 0);
    const failure = { code: 'unreadable_file', stage: 'read', message: 'not for the log' };
    await finishRun(platform, claimed, { type: 'failed', failure });

    expect(linesSaying('run ended')).toEqual([
      { ...named(run), status: 'failed', attempt: 1, milliseconds: 0, failureCode: 'unreadable_file' },
    ]);
  });

  it('are not created when their id is taken', async () => {
    const { id, kind, workspaceId, parentId, input } = await start();
    runs.advance(1);

    await expect(startRun(platform, { id, kind, workspaceId, parentId, input })).rejects.toMatchObject({
      code: 'run_exists',
    });

    expect(linesSaying('run created')).toHaveLength(1);
  });

  it('end once, whoever else would have ended them', async () => {
    const run = await start();
    const claimed = await claimRun(platform, refOf(run), 0);
    const failure = { code: 'unreadable_file', stage: 'read', message: 'No' };
    await Promise.allSettled([
      finishRun(platform, claimed, { type: 'succeeded', result: {} }),
      finishRun(platform, claimed, { type: 'failed', failure }),
      cancelRun(platform, refOf(run)),
      settleRun(platform, refOf(run), { status: 'timed_out' }),
      settleRun(platform, refOf(run), { status: 'failed' }),
    ]);
    const { status } = (await runs.runs.get(refOf(run))) as Run;

    expect(linesSaying('run ended')).toEqual([expect.objectContaining({ status })]);
  });

  it('do not end again when something is added to what came of them', async () => {
    const run = await start();
    const claimed = await claimRun(platform, refOf(run), 0);
    await finishRun(platform, claimed, { type: 'succeeded', result: {} });

    await amendRun(platform, refOf(run), () => ({ output: 'by hand' }));

    expect(linesSaying('run ended')).toHaveLength(1);
  });

  it('end again when their execution was redriven', async () => {
    const run = await start('process');
    await settleRun(platform, refOf(run), { status: 'failed', error: 'NoStock' });
    await settleRun(platform, refOf(run), { status: 'running', redrives: 1 });
    await settleRun(platform, refOf(run), { status: 'succeeded', output: {}, redrives: 1 });

    expect(linesSaying('run ended').map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  it('do not say what a process calls its errors', async () => {
    const [refused, lost] = [await start('process'), await start('process')];
    await settleRun(platform, refOf(refused), { status: 'failed', error: 'Order 7 of Ada', cause: 'Ada' });
    runs.executor.states.set(lost.id, { status: 'none' });
    runs.executor.busy = true;
    runs.advance(7200);
    await sweepRuns(platform);

    expect(linesSaying('run ended').map(({ failureCode }) => failureCode)).toEqual([
      'process_failed',
      'internal_error',
    ]);
  });

  it.each<[RunKind, object]>([
    ['agent', { modelId: 'nova', usage: { inputTokens: 12, outputTokens: 34, totalTokens: 46 } }],
    ['thread', { modelId: 'nova', usage: { inputTokens: 12, outputTokens: 34 }, answer: { text: 'no' } }],
  ])('say what an answer took: %s', async (kind, result) => {
    const run = await start(kind);
    const claimed = await claimRun(platform, refOf(run), 0);
    await finishRun(platform, claimed, { type: 'succeeded', result: { ...result } });

    expect(linesSaying('run ended')).toEqual([
      expect.objectContaining({ modelId: 'nova', inputTokens: 12, outputTokens: 34 }),
    ]);
    expect(linesSaying('run ended')[0]).not.toHaveProperty('answer');
  });

  it('are read as they are', async () => {
    const run = await start('agent');
    const ref = refOf(run);
    const query = { workspaceId: run.workspaceId, kind: 'agent' as const, limit: 10 };
    const { parentId } = run;
    const leaseBefore = '9999-12-31T23:59:59.999Z';

    expect(await platform.runs.get(ref)).toEqual(run);
    expect(await platform.runs.getMany([ref])).toEqual([run]);
    expect(await platform.runs.list(query)).toEqual({ runs: [run] });
    expect(await platform.runs.listByParent({ ...query, parentId })).toEqual({ runs: [run] });
    expect(await platform.runs.listOpen({ leaseBefore, limit: 10 })).toEqual([ref]);
    const document = await start('document');
    const byStatus = {
      workspaceId: document.workspaceId,
      kind: 'document' as const,
      status: 'queued' as const,
    };
    expect(await platform.runs.listByStatus({ ...byStatus, limit: 10 })).toEqual({ runs: [document] });
  });
});

describe('a sweep', () => {
  it('tells of the runs that it found, also of one that it could not sweep', async () => {
    const found: unknown[] = [];
    const onFound = (backlog: unknown): void => void found.push(backlog);
    await sweepRuns(platform, { onFound });
    const [bad] = [await start(), await start()];
    runs.advance(1000);
    const describe = runs.executor.describe.bind(runs.executor);
    runs.executor.describe = async (run) => {
      if (run.id === bad.id) throw new Error('States is away');
      return describe(run);
    };

    const swept = sweepRuns(platform, { onFound });

    await expect(swept).rejects.toMatchObject({
      message: '1 runs could not be swept',
      errors: [{ message: `Run ${bad.id} could not be swept`, cause: { message: 'States is away' } }],
    });
    expect(found).toEqual([{ runs: 2, oldestLease: '2026-01-01T00:02:00.000Z' }]);
  });
});
