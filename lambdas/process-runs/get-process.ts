import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getProcess as get } from '../../lib/apis/process-runs/processes.ts';
import { getProcess } from '../../lib/apis/process-runs/processes-contract.ts';

export const handler = lambda(getProcess, corePlatform, async ({ caller, path, query }, platform) =>
  get(platform, caller, query.agent_id, path.process_id),
);
