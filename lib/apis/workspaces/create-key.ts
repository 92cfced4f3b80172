import type { Platform } from '../platform.ts';
import { newKey } from './api-keys.ts';
import type { ApiKey, Role } from './workspaces.ts';

export interface CreateKey {
  workspaceId: string;
  name: string;
  role: Role;
  owner: { id: string; email: string };
  /** How long the key is good for, in milliseconds from now; for ever when absent. */
  lifetimeMs?: number | undefined;
  /** Makes the key good for this agent only. */
  agentId?: string | undefined;
}

/** A new key and, this once, the token that a caller sends. */
export async function createKey(
  platform: Pick<Platform, 'keys' | 'now' | 'newId'>,
  { workspaceId, name, role, owner, lifetimeMs, agentId }: CreateKey,
): Promise<{ key: ApiKey; token: string }> {
  const { prefix, token, secretHash } = newKey();
  const now = platform.now();
  const key: ApiKey = {
    prefix,
    version: 1,
    id: platform.newId(),
    name,
    secretHash,
    ownerId: owner.id,
    ownerEmail: owner.email,
    roles: { [workspaceId]: role },
    createdAt: now.toISOString(),
    ...(agentId === undefined ? {} : { agentId }),
    ...(lifetimeMs === undefined ? {} : { expiresAt: new Date(now.getTime() + lifetimeMs).toISOString() }),
  };
  if (!(await platform.keys.insert(key)))
    throw new Error(`Key prefix ${prefix} is taken: nine random bytes met twice`);
  return { key, token };
}
