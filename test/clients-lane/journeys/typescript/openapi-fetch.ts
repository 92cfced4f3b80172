import createClient from 'openapi-fetch';
import type { paths } from './api.d.ts';
import {
  AGENT_ID,
  API_KEY,
  BASE_URL,
  DOCUMENT_ID,
  PROCESS_ID,
  SETTINGS,
  travel,
  WORKSPACE_ID,
} from './journey.ts';

const client = createClient<paths>({ baseUrl: BASE_URL, headers: { 'X-API-Key': API_KEY } });

const workspaceId = WORKSPACE_ID;
const projectId = WORKSPACE_ID;
const W = '/api/v1/workspaces/{workspaceId}';
const P = '/api/projects/{projectId}';

function good<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

await travel({
  createRun: async () =>
    good(
      await client.POST(`${W}/runs`, {
        params: { path: { workspaceId } },
        body: { inputDocumentId: DOCUMENT_ID, options: { operation: 'process' } },
      }),
    ).id,
  runStatus: async (runId) =>
    good(await client.GET(`${W}/runs/{runId}`, { params: { path: { workspaceId, runId } } })).status,
  downloadOutput: async (runId) => {
    const params = { path: { workspaceId, runId } };
    const { data, error } = await client.GET(`${W}/runs/{runId}/output/download`, {
      params,
      parseAs: 'blob',
    });
    if (data === undefined) throw new Error(JSON.stringify(error));
    return data;
  },
  startProcessRun: async () =>
    good(
      await client.POST('/runs', {
        body: {
          agent_id: AGENT_ID,
          process_id: PROCESS_ID,
          name: 'A journey',
          stage: 'Published',
          inputs: { order_id: '42' },
        },
      }),
    ).id,
  processRunStatus: async (run_id) =>
    good(await client.GET('/runs/{run_id}', { params: { path: { run_id } } })).status,
  createThread: async () =>
    good(await client.POST(`${P}/threads`, { params: { path: { projectId } }, body: {} })).threadId,
  createThreadRun: async (threadId) =>
    good(
      await client.POST(`${P}/threads/{threadId}/runs`, {
        params: { path: { projectId, threadId } },
        body: { message: 'Hello' },
      }),
    ).runId,
  threadRunStatus: async (threadId, runId) =>
    good(
      await client.GET(`${P}/threads/{threadId}/runs/{runId}`, {
        params: { path: { projectId, threadId, runId } },
      }),
    ).status,
  runAgent: async () => {
    const extra_messages = [{ role: 'user' as const, content: 'Hello' }];
    const body = { agent_id: AGENT_ID, variables: { topic: 'AI' }, stream: false, extra_messages };
    const answer = good(await client.POST('/api/v1/run', { body }));
    return typeof answer === 'string' ? answer : answer.text;
  },
  latestAgentRun: async () => {
    const params = { path: { agentId: AGENT_ID }, query: { limit: 1 } };
    const { items } = good(await client.GET('/api/v1/agents/{agentId}/runs', { params }));
    return items[0] ?? { id: 'none', status: 'none' };
  },
  hasContent: async (runId) => {
    const params = { path: { agentId: AGENT_ID, runId } };
    return Boolean(good(await client.GET('/api/v1/agents/{agentId}/runs/{runId}', { params })).content);
  },
  countKeys: async () =>
    good(await client.GET(`${W}/api-keys`, { params: { path: { workspaceId } } })).items.length,
  setProvider: async () => {
    const params = { path: { providerId: 'journey' } };
    good(await client.PUT('/api/v1/providers/{providerId}', { params, body: SETTINGS }));
    const { settings } = good(await client.GET('/api/v1/providers/{providerId}', { params }));
    return settings.type === 'openai-compatible' ? settings.baseUrl : undefined;
  },
});
