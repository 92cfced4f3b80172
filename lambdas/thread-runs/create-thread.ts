import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toThreadInfo } from '../../lib/apis/thread-runs/thread-summary.ts';
import { createThread as create } from '../../lib/apis/thread-runs/threads.ts';
import { createThread } from '../../lib/apis/thread-runs/threads-contract.ts';

export const handler = lambda(createThread, corePlatform, async ({ caller, body }, platform) => {
  const { workspaceId } = caller;
  const thread = await create(platform, workspaceId, { assistantId: body.agentId });
  return toThreadInfo(workspaceId, thread, undefined);
});
