import * as z from 'zod';
import { AgentVersion, ProviderSettings } from '../../agents/index.ts';
import { AGENT_ID } from '../agents/agent-record.ts';
import { NOT_BLANK } from '../operation/query.ts';
import { define, instant, ofAgent, page, pageSchema } from './wire.ts';

const id = z
  .string()
  .regex(AGENT_ID, 'must have 1 to 26 letters, digits, underscores or hyphens')
  .meta({ minLength: 1, maxLength: 26 });
const name = z.string().trim().min(1).max(100).meta(NOT_BLANK);

export const AgentResource = z
  .object({
    id: z.string(),
    name: z.string(),
    /** How many versions there are; they are numbered from 1. */
    versions: z.int(),
    /** The version that runs; null while none does. */
    deployedVersion: z.int().nullable(),
    /** The version that a rollback would deploy; null when there is none. */
    previousVersion: z.int().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Agent' });
export type AgentResource = z.infer<typeof AgentResource>;

export const createAgent = define({
  operationId: 'createAgent',
  method: 'POST',
  path: '/api/v1/agents',
  summary: 'Create an agent; its id may be chosen',
  permission: 'workspace.manage',
  input: { body: z.object({ id: id.optional(), name }) },
  success: { status: 201, body: AgentResource },
  errors: [409],
});

export const listAgents = define({
  operationId: 'listAgents',
  method: 'GET',
  path: '/api/v1/agents',
  summary: 'List the agents of the workspace by their ids, the greatest first',
  permission: 'workspace.read',
  input: { query: page },
  success: { status: 200, body: pageSchema(AgentResource).meta({ id: 'AgentPage' }) },
});

export const getAgent = define({
  operationId: 'getAgent',
  method: 'GET',
  path: '/api/v1/agents/{agentId}',
  summary: 'Read an agent',
  permission: 'workspace.read',
  input: { path: ofAgent },
  success: { status: 200, body: AgentResource },
});

const versionMembers = { agentId: z.string(), no: z.int(), isDeployed: z.boolean(), createdAt: instant };

export const AgentVersionSummary = z.object(versionMembers).meta({ id: 'AgentVersionSummary' });
export const AgentVersionResource = z
  .object({ ...versionMembers, definition: AgentVersion })
  .meta({ id: 'AgentVersion' });

export const createAgentVersion = define({
  operationId: 'createAgentVersion',
  method: 'POST',
  path: '/api/v1/agents/{agentId}/versions',
  summary: 'Add a version to an agent; it never changes, and does not run until it is deployed',
  permission: 'workspace.manage',
  input: { path: ofAgent, body: AgentVersion },
  success: { status: 201, body: AgentVersionResource },
});

export const listAgentVersions = define({
  operationId: 'listAgentVersions',
  method: 'GET',
  path: '/api/v1/agents/{agentId}/versions',
  summary: 'List the versions of an agent, newest first, without what they say',
  permission: 'workspace.read',
  input: { path: ofAgent, query: page },
  success: { status: 200, body: pageSchema(AgentVersionSummary).meta({ id: 'AgentVersionPage' }) },
});

export const getAgentVersion = define({
  operationId: 'getAgentVersion',
  method: 'GET',
  path: '/api/v1/agents/{agentId}/versions/{no}',
  summary: 'Read a version of an agent',
  permission: 'workspace.read',
  input: { path: z.object({ agentId: z.string(), no: z.string() }) },
  success: { status: 200, body: AgentVersionResource },
});

export const deployAgentVersion = define({
  operationId: 'deployAgentVersion',
  method: 'PUT',
  path: '/api/v1/agents/{agentId}/deployment',
  summary: 'Deploy a version in place of the one that runs',
  permission: 'workspace.manage',
  input: { path: ofAgent, body: z.object({ version: z.int({ error: 'must be a whole number' }).min(1) }) },
  success: { status: 200, body: AgentResource },
});

export const rollBackAgent = define({
  operationId: 'rollBackAgent',
  method: 'POST',
  path: '/api/v1/agents/{agentId}/deployment/rollback',
  summary: 'Deploy the version that ran before, or the one numbered before',
  permission: 'workspace.manage',
  input: { path: ofAgent },
  success: { status: 200, body: AgentResource },
  errors: [409],
});

export const undeployAgent = define({
  operationId: 'undeployAgent',
  method: 'DELETE',
  path: '/api/v1/agents/{agentId}/deployment',
  summary: 'Take an agent out of service',
  permission: 'workspace.manage',
  input: { path: ofAgent },
  success: { status: 200, body: AgentResource },
});

/** Holds the names of secrets, never their values. */
export const ProviderResource = z
  .object({ id: z.string(), settings: ProviderSettings, createdAt: instant, updatedAt: instant })
  .meta({ id: 'Provider' });

export const putProvider = define({
  operationId: 'putProvider',
  method: 'PUT',
  path: '/api/v1/providers/{providerId}',
  summary: 'Set how a model provider is reached; its key is named, not sent',
  permission: 'workspace.manage',
  input: { path: z.object({ providerId: id }), body: ProviderSettings },
  success: { status: 200, body: ProviderResource },
  isAlwaysFound: true,
});

export const listProviders = define({
  operationId: 'listProviders',
  method: 'GET',
  path: '/api/v1/providers',
  summary: 'List the model providers of the workspace',
  permission: 'workspace.read',
  input: { query: page },
  success: { status: 200, body: pageSchema(ProviderResource).meta({ id: 'ProviderPage' }) },
});

export const getProvider = define({
  operationId: 'getProvider',
  method: 'GET',
  path: '/api/v1/providers/{providerId}',
  summary: 'Read a model provider',
  permission: 'workspace.read',
  input: { path: z.object({ providerId: z.string() }) },
  success: { status: 200, body: ProviderResource },
});
