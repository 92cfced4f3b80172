import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { checkInWorkspace, type DefinitionError } from './configuration-rules.ts';

export type PublishPlatform = Pick<Platform, 'workspaces' | 'configurations' | 'lists' | 'now'>;

export type Published =
  | { type: 'published'; record: ConfigurationRecord }
  | { type: 'unknown' }
  | { type: 'not_draft'; record: ConfigurationRecord; isActive: boolean }
  | { type: 'invalid'; errors: DefinitionError[] };

/**
 * Makes a draft the workspace's active configuration and archives the one before. First the draft is
 * claimed, as it was checked: from then on nobody can change it. Then the workspace's pointer is moved, and
 * that write decides: of several publications at once the last to move it is active, and each archives what
 * it found there. An interrupted publication is finished by publishing again.
 */
export async function publishDraft(
  platform: PublishPlatform,
  workspaceId: string,
  configurationId: string,
  assert: (record: ConfigurationRecord) => void = () => undefined,
): Promise<Published> {
  const TRIES = 20; // a lost try means that somebody changed the draft after it was checked
  for (let tries = 1; ; tries += 1) {
    const [record, workspace] = await Promise.all([
      platform.configurations.get(workspaceId, configurationId),
      platform.workspaces.get(workspaceId, workspaceId),
    ]);
    if (record === undefined) return { type: 'unknown' };
    assert(record);
    const isActive = workspace?.activeConfigurationId === configurationId;
    if (isActive || record.status === 'archived') return { type: 'not_draft', record, isActive };
    const { errors } = await checkInWorkspace(platform, workspaceId, record.definition);
    if (errors.length > 0) return { type: 'invalid', errors };

    const claimed = await claim(platform, workspaceId, record);
    if (claimed !== undefined) {
      await movePointer(platform, workspaceId, configurationId);
      return { type: 'published', record: claimed };
    }
    if (tries === TRIES) throw new Error(`Configuration ${configurationId} changed ${TRIES} times`);
  }
}

/** Undefined when the draft changed since it was read. */
async function claim(
  platform: PublishPlatform,
  workspaceId: string,
  record: ConfigurationRecord,
): Promise<ConfigurationRecord | undefined> {
  if (record.status === 'active') return record;
  const at = platform.now().toISOString();
  const claimed: ConfigurationRecord = {
    ...record,
    version: record.version + 1,
    status: 'active',
    updatedAt: at,
    activatedAt: at,
  };
  return (await platform.configurations.replace(workspaceId, claimed)) ? claimed : undefined;
}

async function movePointer(
  platform: PublishPlatform,
  workspaceId: string,
  configurationId: string,
): Promise<void> {
  let previous: string | undefined;
  await update(platform.workspaces, workspaceId, workspaceId, (workspace) => {
    previous = workspace.activeConfigurationId;
    return previous === configurationId
      ? undefined
      : { ...workspace, activeConfigurationId: configurationId };
  });
  if (previous === undefined || previous === configurationId) return;
  const updatedAt = platform.now().toISOString();
  await update(platform.configurations, workspaceId, previous, (record) =>
    record.status === 'archived' ? undefined : { ...record, status: 'archived' as const, updatedAt },
  );
}
