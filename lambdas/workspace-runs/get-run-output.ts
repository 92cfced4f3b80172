import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRunOutput } from '../../lib/apis/workspace-runs/contract.ts';
import { findDocumentRun } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunOutput, withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(getRunOutput, corePlatform, async ({ path }, platform) => {
  return withoutNulls(toRunOutput(await findDocumentRun(platform, path), platform.now()));
});
