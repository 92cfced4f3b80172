import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunInput } from '../../lib/apis/workspace-runs/contract.ts';
import { findInput } from '../../lib/apis/workspace-runs/outputs/run-files.ts';
import { toRunInput, withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(getRunInput, corePlatform, async ({ path }, platform) => {
  const { run } = await findInput(platform, path, { deleted: 'Run input is unavailable' });
  return withoutNulls(toRunInput(run));
});
