import { answeringPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import { runAgent as operation } from '../../lib/apis/agent-run/contract.ts';
import { toReply } from '../../lib/apis/agent-run/reply.ts';
import { type RunAgentPlatform, runAgent as run } from '../../lib/apis/agent-run/run.ts';

export const runAgent = route(
  operation,
  async ({ caller, body, request, signal }, platform: RunAgentPlatform) => {
    const idempotencyKey = request.header('idempotency-key');
    return toReply(await run(platform, { caller, request: body, idempotencyKey, signal }));
  },
);

export const handler = toStreamHandler(runAgent, answeringPlatform);
