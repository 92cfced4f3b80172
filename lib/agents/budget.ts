import type { Message } from './version.ts';

const BYTES_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 4;
/** What the common vision models count for a picture of about a megapixel. */
const TOKENS_PER_IMAGE = 1_000;

/** Far below the smallest context of the models in use on Bedrock (128,000), and what a chat can afford each turn. */
export const DEFAULT_CONVERSATION_TOKENS = 16_000;

/**
 * About how many tokens a text is: its UTF-8 bytes divided by four. English runs at some four characters a
 * token; Cyrillic and Chinese need more tokens per character and have two and three bytes per character, so
 * bytes follow the truth where characters would be off by a factor of three. Exact counts need each model's
 * own tokenizer, megabytes each; nothing here needs to be exact.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

export function estimateMessage({ content }: Pick<Message, 'content'>): number {
  if (typeof content === 'string') return TOKENS_PER_MESSAGE + estimateTokens(content);
  return content.reduce(
    (sum, part) => sum + (part.type === 'text' ? estimateTokens(part.text) : TOKENS_PER_IMAGE),
    TOKENS_PER_MESSAGE,
  );
}

/**
 * The newest part of a conversation that fits a budget of tokens. It begins with a message of the user: an
 * answer without its question misleads a model, and Bedrock refuses it. The newest message of the user and
 * what follows it always stays, however long it is.
 */
export function cutConversation<M extends Pick<Message, 'role' | 'content'>>(
  conversation: readonly M[],
  maxTokens: number,
): M[] {
  let start: number | undefined;
  let tokens = 0;
  for (const [index, message] of [...conversation.entries()].reverse()) {
    tokens += estimateMessage(message);
    if (tokens > maxTokens && start !== undefined) break;
    if (message.role === 'user') start = index;
  }
  return start === undefined ? [] : conversation.slice(start);
}
