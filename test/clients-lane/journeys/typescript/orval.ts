import * as api from './api.ts';
import { AGENT_ID, API_KEY, DOCUMENT_ID, PROCESS_ID, SETTINGS, travel, WORKSPACE_ID } from './journey.ts';

const options = { headers: { 'X-API-Key': API_KEY } };

/** The answer with the status that is meant, which tells its type. */
function only<Answer extends { status: number; data: unknown }, Status extends Answer['status']>(
  answer: Answer,
  status: Status,
): Extract<Answer, { status: Status }>['data'] {
  if (answer.status !== status) throw new Error(JSON.stringify(answer.data));
  return answer.data as Extract<Answer, { status: Status }>['data'];
}

await travel({
  async createRun() {
    const body = { inputDocumentId: DOCUMENT_ID, options: { operation: 'process' as const } };
    return only(await api.createRun(WORKSPACE_ID, body, options), 201).id;
  },
  async runStatus(id) {
    return only(await api.getRun(WORKSPACE_ID, id, options), 200).status;
  },
  async downloadOutput(id) {
    return only(await api.downloadRunOutput(WORKSPACE_ID, id, {}, options), 200);
  },
  async startProcessRun() {
    const body = {
      agent_id: AGENT_ID,
      process_id: PROCESS_ID,
      name: 'A journey',
      inputs: { order_id: '42' },
    };
    return only(await api.startProcessRun({ ...body, stage: 'Published' }, options), 201).id;
  },
  async processRunStatus(id) {
    return only(await api.getProcessRun(id, options), 200).status;
  },
  async createThread() {
    return only(await api.createThread(WORKSPACE_ID, {}, options), 201).threadId;
  },
  async createThreadRun(threadId) {
    const body = { message: 'Hello' };
    return only(await api.createThreadRun(WORKSPACE_ID, threadId, body, options), 201).runId;
  },
  async threadRunStatus(threadId, id) {
    return only(await api.getThreadRun(WORKSPACE_ID, threadId, id, options), 200).status;
  },
  async runAgent() {
    const body = { agent_id: AGENT_ID, variables: { topic: 'AI' }, stream: false };
    const answer = only(await api.runAgent(body, options), 200);
    return typeof answer === 'string' ? answer : answer.text;
  },
  async latestAgentRun() {
    const { items } = only(await api.listAgentRuns(AGENT_ID, { limit: 1 }, options), 200);
    return items[0] ?? { id: 'none', status: 'none' };
  },
  async hasContent(id) {
    return Boolean(only(await api.getAgentRun(AGENT_ID, id, options), 200).content);
  },
  async countKeys() {
    return only(await api.listApiKeys(WORKSPACE_ID, {}, options), 200).items.length;
  },
  async setProvider() {
    await api.putProvider('journey', SETTINGS, options);
    const { settings } = only(await api.getProvider('journey', options), 200);
    return settings.type === 'openai-compatible' ? settings.baseUrl : undefined;
  },
});
