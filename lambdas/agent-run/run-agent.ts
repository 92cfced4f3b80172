import { answeringPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { runAgent } from '../../lib/apis/agent-run/contract.ts';
import { runDeployed } from '../../lib/apis/agent-run/run-deployed.ts';
import { toStreamReply } from '../../lib/apis/agent-run/stream-reply.ts';

export const handler = lambda(
  runAgent,
  answeringPlatform,
  async ({ caller, body, request, signal }, platform) => {
    const idempotencyKey = request.header('idempotency-key');
    return toStreamReply(await runDeployed(platform, { caller, request: body, idempotencyKey, signal }));
  },
);
