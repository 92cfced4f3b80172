import { invalid } from '../operation/refusal.ts';

const MOST_CHARACTERS = 200;
const MOST_TOKENS = 8;
const LEAST_TOKEN = 2;

/** The words that are sought, in lower case; too short ones are left out. @throws Refused 422. */
export function parseSearch(q: string | undefined): string[] {
  const words = (q ?? '').split(/\s+/).filter((word) => word !== '');
  if (Array.from(words.join(' ')).length > MOST_CHARACTERS) {
    throw invalid(`q exceeds ${MOST_CHARACTERS} characters`);
  }
  const tokens = words.filter((word) => Array.from(word).length >= LEAST_TOKEN);
  if (tokens.length > MOST_TOKENS) throw invalid(`Too many q tokens (max ${MOST_TOKENS}).`);
  return tokens.map((token) => token.toLowerCase());
}

/** Whether every token is a part of one of the texts. No character of a token means anything but itself. */
export function contains(tokens: readonly string[], texts: readonly string[]): boolean {
  const lower = texts.map((text) => text.toLowerCase());
  return tokens.every((token) => lower.some((text) => text.includes(token)));
}
