import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import { type ChatPlatform, chat as talk } from '../../lib/apis/thread-runs/chat.ts';
import { chat as operation } from '../../lib/apis/thread-runs/threads-contract.ts';

export const chat = route(operation, async ({ caller, body, request }, platform: ChatPlatform) => {
  const { answered, replayed } = await talk(platform, caller, body, request.header('idempotency-key'));
  return replied(answered, replayed);
});

export const handler = toHandler(chat, fullPlatform);
