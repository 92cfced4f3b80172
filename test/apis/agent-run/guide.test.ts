import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AgentVersion, isUsable, ProviderSettings } from '../../../lib/agents/index.ts';

const guide = readFileSync('docs/agent-run.md', 'utf8');
const given = (call: RegExp): unknown[] =>
  [...guide.matchAll(call)].map(([, json]) => JSON.parse(json ?? ''));

describe('the guide', () => {
  it('shows settings that providers take, a key in none of them', () => {
    const settings = given(/^api PUT +providers\/my-models '(\{.*\})'$/gm);

    expect(settings.map((one) => ProviderSettings.parse(one).type)).toEqual([
      'echo',
      'openai-compatible',
      'bedrock',
      'openai-compatible',
    ]);
  });

  it('shows a version that can run', () => {
    const [version] = given(/versions '(\{[\s\S]*?\n\})'/g);

    expect(isUsable(AgentVersion.parse(version))).toBe(true);
  });
});
