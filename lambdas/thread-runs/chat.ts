import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { chat as talk } from '../../lib/apis/thread-runs/chat.ts';
import { chat } from '../../lib/apis/thread-runs/threads-contract.ts';

export const handler = lambda(chat, fullPlatform, async ({ caller, body, request }, platform) => {
  const { answered, replayed } = await talk(platform, caller, body, request.header('idempotency-key'));
  return withReplay(answered, replayed);
});
