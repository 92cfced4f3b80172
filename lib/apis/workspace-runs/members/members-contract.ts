import * as z from 'zod';
import { AGENT_ID } from '../../agents/agent-record.ts';
import { bothSpellings } from '../../operation/spelling.ts';
import { SECOND_NAME } from '../../operation/wire-schema.ts';
import { ROLES } from '../../workspaces/workspaces.ts';
import { BASE, define, instant, inWorkspace, page, pageMeta, workspacePath } from '../wire.ts';

const role = z.enum(ROLES);

/** What an answer calls in two ways is documented in the one that ADE has. */
const ours = { [SECOND_NAME]: true };

/** An API key without its secret. The snake_case names beside ours are ADE's. */
const keyMembers = {
  id: z.uuid(),
  prefix: z.string(),
  name: z.string(),
  role,
  ownerId: z.uuid(),
  /** The only agent that the key is good for. */
  agentId: z.string().optional(),
  createdAt: instant.meta(ours),
  expiresAt: instant.nullable().meta(ours),
  user_id: z.uuid(),
  created_at: instant,
  expires_at: instant.nullable(),
};

export const ApiKeyCreated = z
  .object({
    ...keyMembers,
    /** The whole key, as `X-API-Key` takes it; shown this once. */
    secret: z.string(),
  })
  .meta({ id: 'ApiKeyCreated' });

export const ApiKeySummary = z
  .object({ ...keyMembers, revokedAt: instant.nullable().meta(ours), revoked_at: instant.nullable() })
  .meta({ id: 'ApiKey' });
export type ApiKeySummary = z.infer<typeof ApiKeySummary>;

export const ApiKeyPage = z
  .object({ items: z.array(ApiKeySummary), meta: pageMeta })
  .meta({ id: 'ApiKeyPage' });

export const listApiKeys = define({
  operationId: 'listApiKeys',
  method: 'GET',
  path: `${BASE}/api-keys`,
  summary: 'List the API keys of a workspace, newest first, revoked ones included',
  permission: 'workspace.manage',
  input: { path: inWorkspace, query: z.strictObject(page) },
  success: { status: 200, body: ApiKeyPage },
});

export const createApiKey = define({
  operationId: 'createApiKey',
  method: 'POST',
  path: `${BASE}/api-keys`,
  summary: 'Create an API key; its secret is shown this once',
  permission: 'workspace.manage',
  input: {
    path: inWorkspace,
    body: bothSpellings({
      name: z.string().trim().max(100).nullish(),
      role: role.default('member'),
      expires_in_days: z.int().min(1).max(3650).nullish(),
      agent_id: z
        .string()
        .refine((id) => AGENT_ID.test(id), { message: 'must be the id of an agent' })
        .meta({ pattern: AGENT_ID.source })
        .nullish(),
    }).prefault({}),
  },
  success: { status: 201, body: ApiKeyCreated },
});

export const revokeApiKey = define({
  operationId: 'revokeApiKey',
  method: 'DELETE',
  path: `${BASE}/api-keys/{keyId}`,
  summary: 'Revoke an API key for this workspace; it stops working within a minute',
  permission: 'workspace.manage',
  input: { path: z.object({ ...workspacePath, keyId: z.uuid() }) },
  success: { status: 204, body: 'empty' },
  errors: [409],
});

export const MemberResource = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    sub: z.string(),
    email: z.string().optional(),
    role,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Member' });
export type MemberResource = z.infer<typeof MemberResource>;

export const MemberPage = z
  .object({ items: z.array(MemberResource), meta: pageMeta })
  .meta({ id: 'MemberPage' });

const ofMember = z.object({ ...workspacePath, memberId: z.uuid() });
const email = z.email().max(320);

export const listMembers = define({
  operationId: 'listMembers',
  method: 'GET',
  path: `${BASE}/members`,
  summary: 'List the members of a workspace',
  permission: 'workspace.manage',
  input: { path: inWorkspace, query: z.strictObject(page) },
  success: { status: 200, body: MemberPage },
});

export const addMember = define({
  operationId: 'addMember',
  method: 'POST',
  path: `${BASE}/members`,
  summary: "Make a token's subject a member of the workspace",
  permission: 'workspace.manage',
  input: {
    path: inWorkspace,
    body: bothSpellings({ sub: z.string().min(1).max(255), email: email.optional(), role }),
  },
  success: { status: 201, body: MemberResource },
  errors: [409],
});

export const updateMember = define({
  operationId: 'updateMember',
  method: 'PATCH',
  path: `${BASE}/members/{memberId}`,
  summary: "Change a member's role or address",
  permission: 'workspace.manage',
  input: {
    path: ofMember,
    body: bothSpellings({ role: role.optional(), email: email.nullish() }),
  },
  success: { status: 200, body: MemberResource },
});

export const removeMember = define({
  operationId: 'removeMember',
  method: 'DELETE',
  path: `${BASE}/members/{memberId}`,
  summary: 'Remove a member from the workspace',
  permission: 'workspace.manage',
  input: { path: ofMember },
  success: { status: 204, body: 'empty' },
});
