import type { ApiName } from '../../lib/apis/operation/operation.ts';
import { makeAgent } from '../support/agents.ts';
import type { Answer, TestPlatform } from '../support/platform.ts';

/** What a workspace has, by the names under which operations of each API ask for it. */
export type Belongings = Record<ApiName, Record<string, string>>;

export interface Tenant {
  workspaceId: string;
  key: string;
  has: Belongings;
}

export interface TenantParts {
  workspaceId: string;
  key: string;
  /** Ids of agents are unique among all workspaces. */
  agentId: string;
}

/** A workspace with one of everything that has an id, all of it made through the API. */
export async function aTenant(platform: TestPlatform, parts: TenantParts): Promise<Tenant> {
  const { workspaceId, key, agentId } = parts;
  const ask = async (
    method: string,
    path: string,
    json?: unknown,
    body?: FormData,
  ): Promise<Answer['body']> => {
    const sent = { key, ...(json === undefined ? {} : { json }), ...(body === undefined ? {} : { body }) };
    const answer = await platform.call(method, path, sent);
    if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.bytes}`);
    return answer.body;
  };
  const base = `/api/v1/workspaces/${workspaceId}`;
  const project = `/api/projects/${workspaceId}`;
  const named = (content: string): FormData => {
    const form = new FormData();
    form.set('file', new Blob([content]), 'theirs.csv');
    return form;
  };
  const document = await ask('POST', `${base}/documents`, undefined, named('First Name\nAda\n'));
  const run = await ask('POST', `${base}/runs`, { inputDocumentId: document.id });
  const configuration = await ask('POST', `${base}/configurations`, { name: 'Draft' });
  const list = await ask('PUT', `${base}/lists/towns`, undefined, named('Rome\n'));
  const upload = await ask('POST', `${base}/documents/uploads`, { name: 'a.csv' });
  const apiKey = await ask('POST', `${base}/api-keys`, { name: 'Spare' });
  const member = await ask('POST', `${base}/members`, { sub: `somebody of ${workspaceId}`, role: 'reader' });
  const asTenant = {
    ...platform,
    call: (method: string, path: string, call = {}) => platform.call(method, path, { key, ...call }),
  };
  await makeAgent(asTenant, { id: agentId, providerId: `of-${agentId}` });
  // The first of the stages, which the least of a request names.
  const process = await ask('POST', '/processes', {
    ...{ agent_id: agentId, name: 'Orders', stage: 'Draft' },
    state_machine_arn: 'arn:aws:states:local:000000000000:stateMachine:order-review',
  });
  const order = { agent_id: agentId, process_id: process.id, name: 'Run', stage: 'Draft' };
  const processRun = await ask('POST', '/runs', { ...order, inputs: { order_id: 1 } });
  const file = await ask('POST', '/files', { file_name: 'a.csv' });
  const posted = new FormData();
  for (const [name, value] of Object.entries(file.upload_fields)) posted.set(name, String(value));
  posted.set('file', new Blob(['a,b\n']));
  await fetch(file.upload_url, { method: 'POST', body: posted });
  const { threadId } = await ask('POST', `${project}/threads`, { agentId });
  const { runId: threadRunId } = await ask('POST', `${project}/threads/${threadId}/runs`, {
    message: 'Hello',
  });
  await ask('POST', '/api/v1/run', { agent_id: agentId });
  const agentRuns = await ask('GET', `/api/v1/agents/${agentId}/runs`);

  const has: Belongings = {
    'workspace-runs': {
      ...{ documentId: document.id, runId: run.id, configurationId: configuration.id },
      ...{ otherRunId: run.id, columnId: '0.0.0', document_id: document.id, name: list.name },
      ...{ uploadId: upload.uploadId, keyId: apiKey.id, memberId: member.id, versionNo: '1' },
      ...{ input_document_id: document.id, document_ids: document.id, configuration_id: configuration.id },
    },
    'process-runs': {
      ...{ run_id: processRun.id, process_id: process.id, agent_id: agentId, file_ids: file.id },
    },
    'thread-runs': { threadId, runId: threadRunId, agentId, teamId: 'any' },
    'agent-run': {
      ...{ agentId, agent_id: agentId, runId: agentRuns.items[0].id, providerId: `of-${agentId}`, no: '1' },
    },
    reference: {},
  };
  // What is still at work would change what others see of it.
  await untilOver(platform, key, [
    `${base}/runs/${run.id}`,
    `/runs/${processRun.id}`,
    `${project}/threads/${threadId}/runs/${threadRunId}`,
  ]);
  return { workspaceId, key, has };
}

async function untilOver(platform: TestPlatform, key: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (;;) {
      const { body } = await platform.call('GET', path, { key });
      if (!/queued|running|in_progress|Pending|Running|Created/.test(body.status)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** An id that is like the given one and that nobody has. */
export function nobodys(id: string): string {
  if (/^[0-9a-f]{8}-/.test(id)) return '018f0000-0000-7000-8000-0000000000ff';
  const [prefix = ''] = /^[a-z]+_/.exec(id) ?? [];
  if (/^[0-9a-z]{26}$/.test(id.slice(prefix.length))) return `${prefix}01k6h7zzzzzzzzzzzzzzzzzzzz`;
  return 'nobody-has-this';
}
