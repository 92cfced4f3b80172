import { answeringPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { runAgent } from '../../lib/apis/agent-run/contract.ts';
import { toReply } from '../../lib/apis/agent-run/reply.ts';
import { runAgent as run } from '../../lib/apis/agent-run/run.ts';

export const handler = lambda(
  runAgent,
  answeringPlatform,
  async ({ caller, body, request, signal }, platform) => {
    const idempotencyKey = request.header('idempotency-key');
    return toReply(await run(platform, { caller, request: body, idempotencyKey, signal }));
  },
);
