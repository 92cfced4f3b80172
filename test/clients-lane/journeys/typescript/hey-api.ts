import { createClient, createConfig } from './api/client/index.ts';
import * as api from './api/sdk.gen.ts';
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

const client = createClient(
  createConfig({ baseUrl: BASE_URL, auth: ({ type }) => (type === 'apiKey' ? API_KEY : undefined) }),
);
const workspaceId = WORKSPACE_ID;
const projectId = WORKSPACE_ID;
const surely = { client, throwOnError: true } as const;

await travel({
  async createRun() {
    const body = { inputDocumentId: DOCUMENT_ID, options: { operation: 'process' as const } };
    const { data } = await api.createRun({ ...surely, path: { workspaceId }, body });
    // A stream, and nothing that is read whole: what it is made of comes one by one.
    const { stream } = await api.streamRunEvents({ client, path: { workspaceId, runId: data.id } });
    let events = 0;
    for await (const _ of stream) events += 1;
    if (events < 3) throw new Error(`The run had ${events} events`);
    return data.id;
  },
  async runStatus(runId) {
    return (await api.getRun({ ...surely, path: { workspaceId, runId } })).data.status;
  },
  async downloadOutput(runId) {
    return (await api.downloadRunOutput({ ...surely, path: { workspaceId, runId } })).data;
  },
  async startProcessRun() {
    const body = {
      agent_id: AGENT_ID,
      process_id: PROCESS_ID,
      name: 'A journey',
      inputs: { order_id: '42' },
    };
    return (await api.startProcessRun({ ...surely, body: { ...body, stage: 'Published' } })).data.id;
  },
  async processRunStatus(run_id) {
    return (await api.getProcessRun({ ...surely, path: { run_id } })).data.status;
  },
  async createThread() {
    return (await api.createThread({ ...surely, path: { projectId }, body: {} })).data.threadId;
  },
  async createThreadRun(threadId) {
    const path = { projectId, threadId };
    return (await api.createThreadRun({ ...surely, path, body: { message: 'Hello' } })).data.runId;
  },
  async threadRunStatus(threadId, runId) {
    return (await api.getThreadRun({ ...surely, path: { projectId, threadId, runId } })).data.status;
  },
  async runAgent() {
    const body = { agent_id: AGENT_ID, variables: { topic: 'AI' }, stream: false };
    const { data } = await api.runAgent({ ...surely, body });
    return typeof data === 'string' ? data : data.text;
  },
  async latestAgentRun() {
    const path = { agentId: AGENT_ID };
    const { data } = await api.listAgentRuns({ ...surely, path, query: { limit: 1 } });
    return data.items[0] ?? { id: 'none', status: 'none' };
  },
  async hasContent(runId) {
    const path = { agentId: AGENT_ID, runId };
    return Boolean((await api.getAgentRun({ ...surely, path })).data.content);
  },
  async countKeys() {
    return (await api.listApiKeys({ ...surely, path: { workspaceId } })).data.items.length;
  },
  async setProvider() {
    const path = { providerId: 'journey' };
    await api.putProvider({ ...surely, path, body: SETTINGS });
    const { settings } = (await api.getProvider({ ...surely, path })).data;
    return settings.type === 'openai-compatible' ? settings.baseUrl : undefined;
  },
});
