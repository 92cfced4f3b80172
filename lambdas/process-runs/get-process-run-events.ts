import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getProcessRunEvents } from '../../lib/apis/process-runs/contract.ts';
import { readEvents } from '../../lib/apis/process-runs/runs.ts';

export const handler = lambda(getProcessRunEvents, corePlatform, async ({ caller, path }, platform) => ({
  status: 200,
  headers: { 'content-type': getProcessRunEvents.success.contentType },
  stream: await readEvents(platform, caller, path.run_id),
}));
