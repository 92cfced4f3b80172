import type { ImagePart, ModelMessage, TextPart } from 'ai';
import { cutConversation, DEFAULT_CONVERSATION_TOKENS, estimateMessage, estimateTokens } from './budget.ts';
import { fillVersion, type Variables } from './variables.ts';
import type { Message, UsableVersion } from './version.ts';

export interface PromptRequest {
  version: UsableVersion;
  variables: Variables;
  /** Appended to the agent's own instructions, as they are. */
  additionalInstructions?: string | undefined;
  /** What was said before and now, oldest first, as it is; its oldest part goes when it is too long. */
  conversation?: readonly Message[] | undefined;
  conversationTokens?: number | undefined;
  /** Appended last, as they are. */
  extraMessages?: readonly Message[] | undefined;
}

export interface Prompt {
  system?: string;
  messages: ModelMessage[];
  /** About how many tokens it is. */
  tokens: number;
}

/** Asked for in words too: OpenAI refuses its JSON mode without them, and Bedrock has no such mode. */
const JSON_ONLY = 'Answer with one JSON object and nothing else: no explanation and no code fence.';

/**
 * What the model is sent. Everything that speaks as the system goes into one system text at the front:
 * several of them, or one in the middle, are refused by Bedrock and by the templates of many open models.
 */
export function buildPrompt(request: PromptRequest): Prompt {
  const version = fillVersion(request.version, request.variables);
  const spoken = [
    ...version.messages,
    ...cutConversation(request.conversation ?? [], request.conversationTokens ?? DEFAULT_CONVERSATION_TOKENS),
    ...(request.extraMessages ?? []),
  ];
  const systemTexts = spoken.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  const messages = spoken.flatMap(toModelMessage);
  const around = (texts: readonly string[]): string =>
    [
      version.instructions ?? '',
      ...texts,
      request.additionalInstructions ?? '',
      version.output === 'json' ? JSON_ONLY : '',
    ]
      .filter((text) => text.trim() !== '')
      .join('\n\n');

  // An agent of system messages alone would ask nothing, which no provider takes: they are the question then.
  const [system, asked] =
    messages.length > 0
      ? [around(systemTexts), messages]
      : [around([]), [{ role: 'user' as const, content: systemTexts.join('\n\n') }]];
  const tokens = spoken.reduce((sum, message) => sum + estimateMessage(message), estimateTokens(around([])));
  return { ...(system === '' ? {} : { system }), messages: asked, tokens };
}

/** Blank texts are left out: an empty variable makes them, and Bedrock refuses a message that has one. */
function toModelMessage(message: Message): ModelMessage[] {
  if (message.role === 'system') return [];
  if (typeof message.content === 'string')
    return message.content.trim() === '' ? [] : [{ role: message.role, content: message.content }];
  if (message.role === 'assistant') {
    const content = message.content.filter(({ text }) => text.trim() !== '');
    return content.length === 0 ? [] : [{ role: 'assistant', content }];
  }
  const content = message.content.flatMap((part): (TextPart | ImagePart)[] => {
    if (part.type === 'text') return part.text.trim() === '' ? [] : [part];
    const { mediaType, ...image } = part;
    return [mediaType === undefined ? image : { ...image, mediaType }];
  });
  return content.length === 0 ? [] : [{ role: 'user', content }];
}
