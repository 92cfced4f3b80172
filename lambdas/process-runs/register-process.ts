import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { registerProcess as register } from '../../lib/apis/process-runs/processes.ts';
import { registerProcess } from '../../lib/apis/process-runs/processes-contract.ts';

export const handler = lambda(registerProcess, corePlatform, async ({ caller, body }, platform) =>
  register(platform, caller.workspaceId, body),
);
