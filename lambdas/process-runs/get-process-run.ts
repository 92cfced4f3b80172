import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getProcessRun } from '../../lib/apis/process-runs/contract.ts';
import { outputsOf } from '../../lib/apis/process-runs/outputs.ts';
import { findProcessRun } from '../../lib/apis/process-runs/runs.ts';
import { toProcessRun } from '../../lib/apis/process-runs/view.ts';

export const handler = lambda(getProcessRun, filesPlatform, async ({ caller, path }, platform) => {
  const run = await findProcessRun(platform, caller, path.run_id);
  return toProcessRun(run, await outputsOf(platform.files, run));
});
