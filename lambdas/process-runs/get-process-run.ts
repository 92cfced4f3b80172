import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getProcessRun as operation } from '../../lib/apis/process-runs/contract.ts';
import { outputsOf } from '../../lib/apis/process-runs/outputs.ts';
import { findRun } from '../../lib/apis/process-runs/runs.ts';
import { toProcessRun } from '../../lib/apis/process-runs/view.ts';

export const getProcessRun = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'runs' | 'files'>) => {
    const run = await findRun(platform, caller, path.run_id);
    return toProcessRun(run, await outputsOf(platform.files, run));
  },
);

export const handler = toHandler(getProcessRun, filesPlatform);
