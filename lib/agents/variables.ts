import * as z from 'zod';
import type { AgentVersion, Message } from './version.ts';

/** Values for `{{variables}}`. Anything else than these is the caller's mistake. */
export const Variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type Variables = z.infer<typeof Variables>;

/** No brace inside: of `{{{name}}}` the inner pair counts, and a scan stays linear on hostile texts. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * Replaces every `{{name}}` whose name has a value, in one pass: what a value contains is never looked at
 * again. Names are literal and case-sensitive, white space around them does not count, and a name without
 * a value stays as it is written.
 */
export const fillText = (text: string, variables: Variables): string =>
  text.replace(PLACEHOLDER, (placeholder, inner: string) => {
    const name = inner.trim();
    return Object.hasOwn(variables, name) ? String(variables[name]) : placeholder;
  });

function fillMessage(message: Message, variables: Variables): Message {
  const fillContent = <Part extends { type: string }>(content: string | Part[]) =>
    typeof content === 'string'
      ? fillText(content, variables)
      : content.map((part) =>
          'text' in part && typeof part.text === 'string'
            ? { ...part, text: fillText(part.text, variables) }
            : part,
        );
  if (message.role === 'system') return { ...message, content: fillText(message.content, variables) };
  if (message.role === 'user') return { ...message, content: fillContent(message.content) };
  return { ...message, content: fillContent(message.content) };
}

/** Fills the messages of every role, and the instructions: to a caller both are the agent's own words. */
export const fillVersion = <V extends AgentVersion>(version: V, variables: Variables): V => ({
  ...version,
  messages: version.messages.map((message) => fillMessage(message, variables)),
  ...(version.instructions === undefined ? {} : { instructions: fillText(version.instructions, variables) }),
});
