import { describe, expect, it } from 'vitest';
import { costInUsd, cutConversation, estimateTokens, type Message } from '../../lib/agents/index.ts';
import { buildPrompt } from '../../lib/agents/prompt.ts';
import { aVersion } from './builders.ts';

/** Ten tokens each: forty minus the four of the message around it, times four. */
const user = (name: string): Message => ({ role: 'user', content: name.padEnd(24, '.') });
const assistant = (name: string): Message => ({ role: 'assistant', content: name.padEnd(24, '.') });
const namesOf = (messages: readonly Message[]) =>
  messages.map(({ content }) => String(content).replaceAll('.', '')).join(' ');

describe('a conversation', () => {
  const talk = [user('u1'), assistant('a1'), user('u2'), assistant('a2'), user('u3')];

  it.each([
    [1_000, 'u1 a1 u2 a2 u3'],
    [50, 'u1 a1 u2 a2 u3'],
    [49, 'u2 a2 u3'],
    [40, 'u2 a2 u3'],
    [29, 'u3'],
    [0, 'u3'],
  ])('is cut to %i tokens from the oldest, never leaving an answer without its question', (tokens, kept) => {
    expect(namesOf(cutConversation(talk, tokens))).toBe(kept);
  });

  it('keeps the newest message of the user and what follows, however long it is', () => {
    expect(namesOf(cutConversation([user('u1'), user('u2'), assistant('a2')], 1))).toBe('u2 a2');
    expect(cutConversation([], 10)).toEqual([]);
    expect(cutConversation([assistant('a1')], 10)).toEqual([]);
  });

  it('is cut inside the prompt, between the messages of the agent and those of the caller', () => {
    const version = aVersion({ messages: [{ role: 'user', content: 'first' }] });
    const extraMessages = [user('extra')];
    const prompt = buildPrompt({
      version,
      variables: {},
      conversation: talk,
      conversationTokens: 30,
      extraMessages,
    });

    expect(namesOf(prompt.messages as Message[])).toBe('first u2 a2 u3 extra');
    expect(prompt.system).toBeUndefined();
  });

  it('counts tokens by bytes', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('four characters each')).toBe(5);
    expect(estimateTokens('漢字漢字')).toBe(3);
  });
});

describe('the cost', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 500_000 };

  it.each([
    ['amazon.nova-micro-v1:0', 0.105],
    ['us.amazon.nova-lite-v1:0', 0.18],
    ['arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0', 2.4],
    ['echo', 0],
    ['some-model', undefined],
    ['toString', undefined],
  ])('of %s is %s', (model, cost) => {
    expect(costInUsd(model, usage)).toBe(cost);
  });

  it('has no noise of binary fractions', () => {
    expect(costInUsd('amazon.nova-lite-v1:0', { inputTokens: 3, outputTokens: 7 })).toBe(0.00000186);
  });
});
