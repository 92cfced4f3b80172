import { DEFAULT_CONFIGURATION } from '../spreadsheets/index.ts';
import { newKey } from './api-keys.ts';
import type { Platform } from './platform.ts';
import type { ApiKey, Role, Workspace } from './workspaces.ts';

/** A workspace with the default configuration active, ready for documents. */
export async function createWorkspace(
  platform: Pick<Platform, 'workspaces' | 'configurations' | 'now' | 'newId'>,
  name: string,
): Promise<Workspace> {
  const id = platform.newId();
  const createdAt = platform.now().toISOString();
  const activeConfigurationId = platform.newId();
  await platform.configurations.insert(id, {
    id: activeConfigurationId,
    version: 1,
    name: 'Default',
    status: 'active',
    definition: { ...DEFAULT_CONFIGURATION },
    createdAt,
    updatedAt: createdAt,
    activatedAt: createdAt,
  });
  const workspace: Workspace = {
    id,
    version: 1,
    name,
    createdAt,
    activeConfigurationId,
    processOnUpload: false,
  };
  await platform.workspaces.insert(id, workspace);
  return workspace;
}

export interface CreateKey {
  workspaceId: string;
  name: string;
  role: Role;
  owner: { id: string; email: string };
  expiresAt?: string | undefined;
}

/** A new key and, this once, the token that a caller sends. */
export async function createKey(
  platform: Pick<Platform, 'keys' | 'now' | 'newId'>,
  { workspaceId, name, role, owner, expiresAt }: CreateKey,
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
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  if (!(await platform.keys.insert(key)))
    throw new Error(`Key prefix ${prefix} is taken: nine random bytes met twice`);
  return { key, token };
}
