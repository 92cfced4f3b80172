import { toHandler } from '../../lib/adapters/http/handler.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { createWorkspace } from '../../lib/apis/workspaces/create-workspace.ts';
import { contextOf, eventOf, type HttpRequest, textOf } from './functions.ts';
import type { Party } from './history.ts';
import { LOUD, QUIET } from './plan.ts';
import { ROUTES } from './routes.ts';
import { processArn } from './step-functions.ts';
import type { Everything, World } from './world.ts';

/** What a tenant has when a schedule begins, and how its people show who they are. */
export interface Tenant {
  name: string;
  workspaceId: string;
  /** Headers by party. */
  credentials: Record<string, Record<string, string>>;
  documents: string[];
  threads: string[];
  agents: { one: string; two: string };
  processes: { plain: string; strayed: string };
}

/** A word that nobody but this tenant may read. */
export const tenantWord = (tenant: string): string => `tenant-${tenant}-only`;
/** A word that nobody but those who may know of this agent may read. */
export const agentWord = (agent: string): string => `agent-${agent}-only`;

const csv = (tenant: string): string => `First Name,E-mail\n${tenantWord(tenant)},ada@example.com\n`;

/** A form with one file, and what is said beside it. */
export function formOf(
  name: string,
  content: string,
  fields: Record<string, string> = {},
): HttpRequest['body'] {
  const parts = Object.entries(fields).map(
    ([field, value]) => `--cut\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const file = `--cut\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--cut--\r\n`;
  return Buffer.from(parts.join('') + file);
}
export const FORM_HEADERS = { 'content-type': 'multipart/form-data; boundary=cut' };
export const csvOf = csv;

/** Asks a function at once, without anything that could befall it. */
function caller(platform: Everything) {
  return async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
    const route = ROUTES.find((known) => {
      const pattern = new RegExp(`^${known.operation.path.replace(/\{[^}]+\}/g, '([^/]+)')}$`);
      return known.operation.method === method && pattern.test(path);
    });
    if (route === undefined) throw new TypeError(`No function answers ${method} ${path}`);
    const names = [...route.operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    const pattern = new RegExp(`^${route.operation.path.replace(/\{[^}]+\}/g, '([^/]+)')}$`);
    const values = pattern.exec(path)?.slice(1) ?? [];
    const pathParameters = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    const text =
      body === undefined || body instanceof Buffer ? (body as Buffer | undefined) : JSON.stringify(body);
    const event = eventOf(
      { method, path, headers, body: text },
      route.operation.path,
      pathParameters,
      'setup',
    );
    const result = await toHandler(route, () => platform)(event, contextOf('setup', 'setup'));
    if (result.statusCode > 299) throw new Error(`${method} ${path}: ${result.statusCode} ${textOf(result)}`);
    return result.body === '' ? undefined : JSON.parse(result.body);
  };
}

/** so many words that a model takes a while for them. */
const LONG = Array.from({ length: 16 }, (_, no) => `word${no}`).join(' ');

async function makeTenant(world: World, platform: Everything, name: string): Promise<Tenant> {
  const call = caller(platform);
  const word = tenantWord(name);
  const workspace = await createWorkspace(platform, `Tenant ${word}`);
  const { id: workspaceId } = workspace;
  world.tenants.set(workspaceId, name);
  const keepAgentContent = name !== 'B';
  await platform.workspaces.replace(workspaceId, { ...workspace, version: 2, keepAgentContent });
  const owner = { id: platform.newId(), email: `${word}@example.com` };
  const { token } = await createKey(platform, {
    workspaceId,
    name: `owner of ${word}`,
    role: 'owner',
    owner,
  });
  const credentials: Tenant['credentials'] = { owner: { 'x-api-key': token } };
  const asOwner = credentials.owner ?? {};
  const base = `/api/v1/workspaces/${workspaceId}`;
  const party = (role: string, more: Pick<Party, 'agent' | 'holder'> = {}): void => {
    const known = { name: `${name}.${role}`, tenant: name, ...more };
    world.history.parties.set(known.name, known);
  };
  party('owner');

  await call('PUT', '/api/v1/providers/model', asOwner, { type: 'echo', msPerWord: 15 });
  const agents = { one: `${name}-one`, two: `${name}-two` };
  for (const [role, id] of Object.entries(agents)) {
    await call('POST', '/api/v1/agents', asOwner, { id, name: `${role} ${word} ${agentWord(id)}` });
    await call('POST', `/api/v1/agents/${id}/versions`, asOwner, {
      model: { provider_id: 'model', name: 'echo' },
      messages: [{ role: 'user', content: `${word} ${agentWord(id)} {{name}} ${LONG} the end.` }],
    });
    await call('PUT', `/api/v1/agents/${id}/deployment`, asOwner, { version: 1 });
  }
  for (const [role, extra] of [
    ['member', {}],
    ['one', { agent_id: agents.one }],
    ['two', { agent_id: agents.two }],
  ] as const) {
    const made = await call('POST', `${base}/api-keys`, asOwner, {
      name: `${role} ${word}`,
      role: 'member',
      ...extra,
    });
    credentials[role] = { 'x-api-key': made.secret };
    party(role, 'agent_id' in extra ? { agent: extra.agent_id } : { holder: `${name}.owner` });
  }
  for (const person of ['ada', 'bob']) {
    const sub = `${person} of ${word}`;
    await call('POST', `${base}/members`, asOwner, { sub, role: 'member' });
    world.subjects.set(`token-${name}-${person}`, sub);
    credentials[person] = { authorization: `Bearer token-${name}-${person}` };
    party(person);
  }
  const processes = { plain: '', strayed: '' };
  for (const [kind, agent] of [
    ['plain', agents.one],
    ['strayed', agents.two],
  ] as const) {
    const arn = processArn(name, kind);
    world.functions.machines.set(arn, { arn, type: 'STANDARD', isTagged: true });
    const process = { agent_id: agent, name: `${kind} ${word}`, stage: 'Published', state_machine_arn: arn };
    processes[kind] = (await call('POST', '/processes', asOwner, process)).id;
  }
  const express = processArn(name, 'express');
  world.functions.machines.set(express, { arn: express, type: 'EXPRESS', isTagged: true });
  const threads: string[] = [];
  const documents: string[] = [];
  for (const no of [0, 1]) {
    const thread = await call('POST', `/api/projects/${workspaceId}/threads`, asOwner, {
      agentId: agents.one,
    });
    threads.push(thread.threadId);
    const headers = { ...asOwner, ...FORM_HEADERS };
    const document = await call('POST', `${base}/documents`, headers, formOf(`${word}-${no}.csv`, csv(name)));
    documents.push(document.id);
  }
  return { name, workspaceId, credentials, documents, threads, agents, processes };
}

export async function makeTenants(world: World): Promise<Map<string, Tenant>> {
  const platform = world.calm();
  const tenants = new Map<string, Tenant>();
  for (const name of [...LOUD, QUIET]) tenants.set(name, await makeTenant(world, platform, name));
  return tenants;
}
