import { DEFAULT_CONFIGURATION } from '../../spreadsheets/index.ts';
import type { Platform } from '../platform.ts';
import type { Workspace } from './workspaces.ts';

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
    retention: {},
    keepAgentContent: false,
  };
  await platform.workspaces.insert(id, workspace);
  return workspace;
}
