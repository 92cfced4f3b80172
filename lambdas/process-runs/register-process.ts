import { registeringPlatform } from '../../lib/adapters/aws/process-platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { checkMachine } from '../../lib/apis/process-runs/check-machine.ts';
import { registerProcess as register } from '../../lib/apis/process-runs/processes.ts';
import { registerProcess } from '../../lib/apis/process-runs/processes-contract.ts';

export const handler = lambda(registerProcess, registeringPlatform, async ({ caller, body }, platform) => {
  await checkMachine(platform.executor, body.state_machine_arn);
  return register(platform, caller.workspaceId, body);
});
