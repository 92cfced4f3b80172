import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listProcessRuns } from '../../lib/apis/process-runs/contract.ts';
import { listProcessRuns as list } from '../../lib/apis/process-runs/run-list.ts';

export const handler = lambda(listProcessRuns, filesPlatform, async ({ caller, query }, platform) =>
  list(platform, caller, query),
);
