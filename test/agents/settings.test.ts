import { describe, expect, it } from 'vitest';
import { AgentVersion, isUsable, PROVIDER_TYPES, ProviderSettings } from '../../lib/agents/index.ts';

const pathsOf = (schema: typeof AgentVersion | typeof ProviderSettings, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('an agent version', () => {
  const messages = [{ role: 'user', content: 'Hello' }];
  const model = { provider_id: 'p', name: 'm' };

  it('has its defaults', () => {
    expect(AgentVersion.parse({ model, messages })).toEqual({ model, messages, maxSteps: 5, output: 'text' });
  });

  it('may be a draft, which cannot run', () => {
    expect(isUsable(AgentVersion.parse({}))).toBe(false);
    expect(isUsable(AgentVersion.parse({ model }))).toBe(false);
    expect(isUsable(AgentVersion.parse({ messages }))).toBe(false);
    expect(isUsable(AgentVersion.parse({ model, messages }))).toBe(true);
  });

  it.each<[string, object]>([
    ['model.name', { model: { provider_id: 'p' } }],
    ['messages.1.role', { messages: [...messages, { role: 'tool', content: 'x' }] }],
    ['model.name', { model: { provider_id: 'p', name: 'half a \ud83d' } }],
    ['messages.0.content', { messages: [{ role: 'system', content: '' }] }],
    ['messages.0.content', { messages: [{ role: 'assistant', content: 7 }] }],
    ['temperature', { temperature: 3 }],
    ['maxOutputTokens', { maxOutputTokens: 0 }],
    ['maxSteps', { maxSteps: 1.5 }],
    ['output', { output: 'yaml' }],
    ['', { tools: [] }],
    ['', { messages: Array(4).fill({ role: 'user', content: 'x'.repeat(90_000) }) }],
  ])('names what is wrong: %j', (path, version) => {
    expect(pathsOf(AgentVersion, version)).toEqual([path]);
  });

  it.each([
    ['https://example.com/a.png', true],
    ['data:image/png;base64,iVBORw0KGgo=', true],
    ['iVBORw0KGgo=', true],
    ['http://example.com/a.png', false],
    ['file:///etc/passwd', false],
    ['data:text/html;base64,aGk=', false],
    ['iVBORw0KGgo', true],
    ['data:image/png;base64,iVBORw0KGg==', true],
    // None of these could be fetched or read when the agent is run.
    ['https://[', false],
    ['https://example.com:99999/a.png', false],
    ['iVBORw0KG', false],
    ['iVBORw0KGgo==', false],
    ['iVBORw0KGgoA====', false],
    ['data:image/png;base64,A', false],
  ])('takes a picture %s: %s', (image, taken) => {
    const version = {
      messages: [{ role: 'user', content: [{ type: 'image', image, mediaType: 'image/png' }] }],
    };

    expect(AgentVersion.safeParse(version).success).toBe(taken);
  });
});

describe('provider settings', () => {
  const type = 'openai-compatible';
  const baseUrl = 'http://localhost:11434/v1';

  it.each([
    { type: 'echo' },
    { type: 'bedrock' },
    { type: 'bedrock', region: 'us-gov-west-1' },
    { type, baseUrl },
    {
      type,
      baseUrl: 'https://api.openai.com/v1',
      apiKeyRef: 'openai/key',
      headers: { 'OpenAI-Organization': 'org' },
    },
  ])('are %j', (settings) => {
    expect(ProviderSettings.parse(settings)).toEqual(settings);
    expect(PROVIDER_TYPES).toContain(settings.type);
  });

  it.each<[string, object]>([
    ['type', { type: 'xai' }],
    ['region', { type: 'bedrock', region: 'us-east-1.evil.example/' }],
    ['baseUrl', { type, baseUrl: 'ftp://example.com' }],
    ['baseUrl', { type, baseUrl: 'https://user:pass@example.com/v1' }],
    ['baseUrl', { type, baseUrl: 'http://127.0.0.1:9001/runtime/init/error?x=' }],
    ['baseUrl', { type, baseUrl: 'https://example.com/v1#' }],
    ['apiKeyRef', { type, baseUrl, apiKeyRef: 'sk key' }],
    ['apiKeyHeader', { type, baseUrl, apiKeyHeader: 'Transfer-Encoding' }],
    ['apiKeyHeader', { type, baseUrl, apiKeyHeader: 'content-length' }],
    ['', { type, baseUrl, apiKey: 'sk-secret' }],
    ['headers.Authorization', { type, baseUrl, headers: { Authorization: 'Bearer sk-secret' } }],
    ['headers.api-key', { type, baseUrl, headers: { 'api-key': 'sk-secret' } }],
    ['headers.X', { type, baseUrl, headers: { X: 'a\r\nb' } }],
  ])('name what is wrong with %s, without its value', (path, settings) => {
    const { error } = ProviderSettings.safeParse(settings);

    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(JSON.stringify(error?.issues)).not.toMatch(/sk-secret|user:pass/);
  });
});
