import type { CallWarning, FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';

type SharedUsage = Omit<LanguageModelUsage, 'raw'>;

/**
 * What a caller sees of a run while it happens: the parts of the AI SDK's `fullStream`, with only those of
 * their members that hold nothing of the request or of the provider's answer but the answer itself.
 */
export type Part =
  | { type: 'start' }
  | { type: 'start-step'; request: Record<never, never>; warnings: CallWarning[] }
  | { type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end'; id: string }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; text: string }
  | {
      type: 'finish-step';
      finishReason: FinishReason;
      rawFinishReason?: string;
      usage: SharedUsage;
      response: { id: string; timestamp: Date; modelId: string };
    }
  | { type: 'finish'; finishReason: FinishReason; rawFinishReason?: string; totalUsage: SharedUsage }
  | { type: 'abort' }
  | { type: 'error'; error: { message: string } };

export const ERROR_PART: Part = { type: 'error', error: { message: 'Error processing agent run' } };

const withoutRaw = ({ raw: _, ...usage }: LanguageModelUsage): SharedUsage => usage;

const rawReason = (reason: string | undefined): { rawFinishReason?: string } =>
  reason === undefined ? {} : { rawFinishReason: reason };

/**
 * The part as a caller may see it; undefined when it is not for callers. A list of what is let through, so
 * that a new kind of part, or a new member of a known one, says nothing until somebody has looked at it.
 * Calls of tools are not on it, since agents have no tools.
 */
export function toPart(part: TextStreamPart<ToolSet>): Part | undefined {
  switch (part.type) {
    case 'start-step':
      return { type: part.type, request: {}, warnings: part.warnings };
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
      return { type: part.type, id: part.id };
    case 'text-delta':
    case 'reasoning-delta':
      return part.text === '' ? undefined : { type: part.type, id: part.id, text: part.text };
    case 'finish-step': {
      const { id, timestamp, modelId } = part.response;
      return {
        type: part.type,
        finishReason: part.finishReason,
        ...rawReason(part.rawFinishReason),
        usage: withoutRaw(part.usage),
        response: { id, timestamp, modelId },
      };
    }
    case 'finish':
      return {
        type: part.type,
        finishReason: part.finishReason,
        ...rawReason(part.rawFinishReason),
        totalUsage: withoutRaw(part.totalUsage),
      };
    default:
      return undefined;
  }
}
