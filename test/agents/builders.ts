import { inspect } from 'node:util';
import { expect } from 'vitest';
import type {
  AgentPlatform,
  AgentRequest,
  AgentStream,
  Part,
  ProviderSettings,
} from '../../lib/agents/index.ts';
import {
  type AgentVersion,
  isUsable,
  type UsableVersion,
  AgentVersion as Version,
} from '../../lib/agents/version.ts';
import type { FakeModelServer } from '../support/fake-openai.ts';

/** Nothing of these may ever reach a caller or a log. */
export const KEY = 'sk-very-secret';
export const PROMPT = 'The secret ingredient is saffron.';
const SECRETS = [KEY, PROMPT, 'header-secret', 'secret-role', 'AKIDEXAMPLE', 'Incorrect API key'];

export function aVersion(version: Partial<AgentVersion> = {}): UsableVersion {
  const parsed = Version.parse({
    model: { provider_id: 'provider', name: 'test-model' },
    messages: [
      { role: 'system', content: PROMPT },
      { role: 'user', content: 'Hello {{user_name}}' },
    ],
    ...version,
  });
  if (!isUsable(parsed)) throw new TypeError('The version cannot run');
  return parsed;
}

export const aRequest = (request: Partial<AgentRequest> = {}): AgentRequest => ({
  version: aVersion(),
  provider: { type: 'echo' },
  variables: { user_name: 'Ada' },
  timeoutMs: 5_000,
  ...request,
});

export const aPlatform = (platform: Partial<AgentPlatform> = {}): AgentPlatform => ({
  resolveSecret: async (ref) => (ref === 'openai' ? KEY : Promise.reject(new Error(`no ${ref}, but ${KEY}`))),
  awsCredentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: KEY, sessionToken: 'token' }),
  ...platform,
});

export const openAiAt = ({ url }: FakeModelServer): ProviderSettings => ({
  type: 'openai-compatible',
  baseUrl: `${url}/v1`,
  apiKeyRef: 'openai',
});

export async function partsOf(stream: AgentStream): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export const typesOf = (parts: readonly Part[]): string[] => parts.map(({ type }) => type);

export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

/** Searches a value as JSON, as a log would print it, and its stack. */
export function expectNoSecrets(value: unknown, server?: FakeModelServer): void {
  const stack = value instanceof Error ? value.stack : '';
  const seen = [
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true }),
    String(value),
    stack,
  ].join();
  const url = server === undefined ? [] : [server.url, new URL(server.url).host];
  for (const secret of [...SECRETS, ...url]) expect(seen).not.toContain(secret);
}

export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
