import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WorkerPlatform } from '../../../lib/apis/platform.ts';
import { processDocument } from '../../../lib/apis/workspace-runs/work/process-document.ts';
import { LAST_EVENT, readLog } from '../../../lib/runs/log.ts';
import { refOf } from '../../../lib/runs/run.ts';
import { cancelRun, claimRun, finishRun, startRun } from '../../../lib/runs/service.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

let runs: TestRuns;
let platform: WorkerPlatform;
beforeEach(async () => {
  runs = await openTestRuns();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  platform = { ...runs, logger } as unknown as WorkerPlatform;
});
afterEach(() => runs.close());

const aRun = () =>
  startRun(runs, {
    ...{ kind: 'document', workspaceId: A_WORKSPACE, parentId: uuid() },
    input: { operation: 'process', configurationId: uuid(), dryRun: true },
  });

async function lastLines(run: Awaited<ReturnType<typeof aRun>>): Promise<number> {
  let text = '';
  for await (const chunk of readLog(runs, refOf(run))) text += Buffer.from(chunk).toString('utf8');
  return text.split(`"event":"${LAST_EVENT}"`).length - 1;
}

it('closes the log that a worker left open who was lost right after it had ended the run', async () => {
  const run = await aRun();
  const claimed = await claimRun(runs, refOf(run), 0);
  await finishRun(runs, claimed, { type: 'succeeded', result: {} });
  expect(await lastLines(run)).toBe(0);

  const deliveries = [1, 2].map((delivery) => processDocument(platform, refOf(run), delivery));

  expect(await Promise.all(deliveries)).toEqual([{ status: 'ignored' }, { status: 'ignored' }]);
  expect(await lastLines(run)).toBe(1);
});

it('adds nothing to a log that is closed, or to that of a cancelled run', async () => {
  const [done, cancelled] = [await aRun(), await aRun()];
  await processDocument(platform, refOf(done), 0);
  await cancelRun(runs, refOf(cancelled));

  await processDocument(platform, refOf(done), 1);
  await processDocument(platform, refOf(cancelled), 0);

  expect([await lastLines(done), await lastLines(cancelled)]).toEqual([1, 0]);
});
