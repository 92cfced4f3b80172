import type { TestPlatform } from './platform.ts';

export interface AgentParts {
  id?: string;
  /** Of the provider, which gets the id `provider-of-test` unless it is said otherwise. */
  settings?: Record<string, unknown>;
  providerId?: string;
  definition?: Record<string, unknown>;
  deploy?: boolean;
}

/** What a question is answered with by `echo`: itself. */
export const QUESTION = 'Hello {{user_name}}, {{topic}}';

export const aDefinition = (providerId: string, question = QUESTION) => ({
  model: { provider_id: providerId, name: 'test-model' },
  messages: [
    { role: 'system', content: 'The secret ingredient is saffron.' },
    { role: 'user', content: question },
  ],
});

/** An agent that is ready to run, made as its owner would. Answers with its id. */
export async function makeAgent(platform: TestPlatform, parts: AgentParts = {}): Promise<string> {
  const { id, settings = { type: 'echo' }, providerId = 'provider-of-test', deploy = true } = parts;
  const { definition = aDefinition(providerId) } = parts;
  const done = async (method: string, path: string, json?: unknown) => {
    const answer = await platform.call(method, path, json === undefined ? {} : { json });
    if (answer.status > 299) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await done('PUT', `/api/v1/providers/${providerId}`, settings);
  const agent = await done('POST', '/api/v1/agents', { name: 'Agent', ...(id === undefined ? {} : { id }) });
  const { no } = await done('POST', `/api/v1/agents/${agent.id}/versions`, definition);
  if (deploy) await done('PUT', `/api/v1/agents/${agent.id}/deployment`, { version: no });
  return agent.id;
}

/** The latest run of an agent, once it is over. */
export async function latestRun(platform: TestPlatform, agentId: string) {
  for (;;) {
    const { body } = await platform.call('GET', `/api/v1/agents/${agentId}/runs?limit=1`);
    const [run] = body.items;
    if (run !== undefined && !['queued', 'running'].includes(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
