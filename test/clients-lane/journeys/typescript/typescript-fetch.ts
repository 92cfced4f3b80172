import { AgentRunApi, ProcessRunsApi, ThreadRunsApi, WorkspaceRunsApi } from './api/apis/index.ts';
import { Configuration } from './api/runtime.ts';
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

const configuration = new Configuration({ basePath: BASE_URL, apiKey: API_KEY });
const workspaceRuns = new WorkspaceRunsApi(configuration);
const processRuns = new ProcessRunsApi(configuration);
const threadRuns = new ThreadRunsApi(configuration);
const agentRun = new AgentRunApi(configuration);
const workspaceId = WORKSPACE_ID;
const projectId = WORKSPACE_ID;

await travel({
  async createRun() {
    const createRunRequest = { inputDocumentId: DOCUMENT_ID, options: { operation: 'process' as const } };
    return (await workspaceRuns.createRun({ workspaceId, createRunRequest })).id;
  },
  runStatus: async (runId) => (await workspaceRuns.getRun({ workspaceId, runId })).status,
  downloadOutput: (runId) => workspaceRuns.downloadRunOutput({ workspaceId, runId }),
  async startProcessRun() {
    const run = { agentId: AGENT_ID, processId: PROCESS_ID, name: 'A journey', inputs: { order_id: '42' } };
    const startProcessRunRequest = { ...run, stage: 'Published' as const };
    return (await processRuns.startProcessRun({ startProcessRunRequest })).id;
  },
  processRunStatus: async (runId) => (await processRuns.getProcessRun({ runId })).status,
  createThread: async () => (await threadRuns.createThread({ projectId, createThreadRequest: {} })).threadId,
  async createThreadRun(threadId) {
    const createThreadRunRequest = { message: 'Hello' };
    return (await threadRuns.createThreadRun({ projectId, threadId, createThreadRunRequest })).runId;
  },
  threadRunStatus: async (threadId, runId) =>
    (await threadRuns.getThreadRun({ projectId, threadId, runId })).status,
  async runAgent() {
    const runAgentRequest = { agentId: AGENT_ID, variables: { topic: 'AI' }, stream: false };
    return (await agentRun.runAgent({ runAgentRequest })).text;
  },
  async latestAgentRun() {
    const { items } = await agentRun.listAgentRuns({ agentId: AGENT_ID, limit: 1 });
    return items[0] ?? { id: 'none', status: 'none' };
  },
  hasContent: async (runId) => Boolean((await agentRun.getAgentRun({ agentId: AGENT_ID, runId })).content),
  countKeys: async () => (await workspaceRuns.listApiKeys({ workspaceId })).items.length,
  async setProvider() {
    await agentRun.putProvider({ providerId: 'journey', providerSettings: SETTINGS });
    const { settings } = await agentRun.getProvider({ providerId: 'journey' });
    return settings.type === 'openai-compatible' ? settings.baseUrl : undefined;
  },
});
