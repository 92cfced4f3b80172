import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getRun } from '../../lib/apis/workspace-runs/contract.ts';
import { findDocumentRun, isDocumentDeleted } from '../../lib/apis/workspace-runs/runs.ts';
import { toRunResource } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(getRun, corePlatform, async ({ path }, platform) => {
  const run = await findDocumentRun(platform, path);
  return toRunResource(run, platform.now(), { documentDeleted: await isDocumentDeleted(platform, run) });
});
