import * as z from 'zod';
import { Retention } from '../../runs/retention.ts';
import { Instant } from '../../runs/run.ts';
import { derivedId } from '../records/derived-id.ts';

/** What a key or member may do in a workspace. */
export const PERMISSIONS = [
  'workspace.read',
  'workspace.manage',
  'workspace.documents.read',
  'workspace.documents.manage',
  'workspace.configurations.read',
  'workspace.configurations.manage',
  'workspace.runs.read',
  'workspace.runs.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['owner', 'member', 'reader'] as const;
export type Role = (typeof ROLES)[number];

/** The rights of each role, as ADE's `workspace-owner` and `workspace-member` have them, and a reader. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  member: [
    'workspace.read',
    'workspace.documents.read',
    'workspace.documents.manage',
    'workspace.configurations.read',
    'workspace.runs.read',
    'workspace.runs.manage',
  ],
  reader: [
    'workspace.read',
    'workspace.documents.read',
    'workspace.configurations.read',
    'workspace.runs.read',
  ],
};

/** The tenant under all four APIs: it owns keys, documents, configurations, agents, processes, threads, runs. */
export const Workspace = z.object({
  id: z.uuid(),
  version: z.int().min(1),
  name: z.string().min(1).max(100),
  createdAt: Instant,
  /** The configuration that runs use when they name none. */
  activeConfigurationId: z.uuid().optional(),
  /** Whether every uploaded document is run at once. */
  processOnUpload: z.boolean().default(false),
  /** How long what its runs leave behind is kept; each run takes what stands here when it is made. */
  retention: Retention.default({}),
  /** Whether what agents were given and what they answered is stored with their runs. */
  keepAgentContent: z.boolean().default(false),
  /** The organisation whose people are members without being listed, as their tokens name it. */
  organizationId: z.string().min(1).max(255).optional(),
});
export type Workspace = z.infer<typeof Workspace>;

/**
 * An API key as it is stored: the secret only as its SHA-256. The prefix is its name and lookup key.
 * A key speaks for one owner, in the workspaces and with the roles listed.
 */
export const ApiKey = z.object({
  prefix: z.string(),
  version: z.int().min(1),
  id: z.uuid(),
  name: z.string().max(100),
  secretHash: z.string(),
  ownerId: z.uuid(),
  ownerEmail: z.string(),
  roles: z.record(z.uuid(), z.enum(ROLES)),
  /** The only agent that the key is good for; without it, the whole workspace. */
  agentId: z.string().optional(),
  /** Since when the key is no longer good for a workspace, while it may be for others. */
  revokedIn: z.record(z.uuid(), Instant).optional(),
  createdAt: Instant,
  expiresAt: Instant.optional(),
  revokedAt: Instant.optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Somebody who comes with a token of an identity provider: the APIs that know people ask for their role. */
export const Member = z.object({
  /** Follows from `sub`: see `memberId`. */
  id: z.uuid(),
  version: z.int().min(1),
  /** The token's subject. */
  sub: z.string().min(1).max(255),
  email: z.string().max(320).optional(),
  role: z.enum(ROLES),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Member = z.infer<typeof Member>;

/** The id of a subject's membership, so that it is found with one read and nobody is a member twice. */
export const memberId = (workspaceId: string, sub: string): string => derivedId(workspaceId, `member:${sub}`);

/** Who is calling, and in which workspace they act. */
export interface Caller {
  workspaceId: string;
  ownerId: string;
  ownerEmail: string;
  permissions: readonly Permission[];
  /** The only agent whose processes and runs exist for this caller. */
  agentId?: string | undefined;
}
