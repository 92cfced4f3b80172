import { newKey } from './api-keys.ts';
import type { Platform } from './platform.ts';
import type { ApiKey, Role } from './workspaces.ts';

export interface CreateKey {
  workspaceId: string;
  name: string;
  role: Role;
  owner: { id: string; email: string };
  expiresAt?: string | undefined;
  /** Makes the key good for this agent only. */
  agentId?: string | undefined;
}

/** A new key and, this once, the token that a caller sends. */
export async function createKey(
  platform: Pick<Platform, 'keys' | 'now' | 'newId'>,
  { workspaceId, name, role, owner, expiresAt, agentId }: CreateKey,
): Promise<{ key: ApiKey; token: string }> {
  const { prefix, token, secretHash } = newKey();
  const key: ApiKey = {
    prefix,
    version: 1,
    id: platform.newId(),
    name,
    secretHash,
    ownerId: owner.id,
    ownerEmail: owner.email,
    roles: { [workspaceId]: role },
    createdAt: platform.now().toISOString(),
    ...(agentId === undefined ? {} : { agentId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  if (!(await platform.keys.insert(key)))
    throw new Error(`Key prefix ${prefix} is taken: nine random bytes met twice`);
  return { key, token };
}
