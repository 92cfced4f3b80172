import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listProcesses as list } from '../../lib/apis/process-runs/processes.ts';
import { listProcesses } from '../../lib/apis/process-runs/processes-contract.ts';

export const handler = lambda(listProcesses, corePlatform, async ({ caller, query }, platform) =>
  list(platform, caller, query),
);
