import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getThreadRun } from '../../lib/apis/thread-runs/contract.ts';
import { findThreadRun } from '../../lib/apis/thread-runs/runs.ts';
import { toThreadRun } from '../../lib/apis/thread-runs/view.ts';

export const handler = lambda(getThreadRun, corePlatform, async ({ caller, path }, platform) =>
  toThreadRun(await findThreadRun(platform, caller.workspaceId, path)),
);
