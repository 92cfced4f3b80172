import { assertVersion, type Precondition } from '../../operation/precondition.ts';
import { conflict } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { activeId, unknownConfiguration } from './find-configuration.ts';

/**
 * Runs may go on naming an archived configuration. Archiving again changes nothing.
 * @throws Refused 404, 409 for the active configuration, without which uploads and runs would fail.
 */
export async function archiveConfiguration(
  platform: Pick<Platform, 'configurations' | 'workspaces' | 'now'>,
  path: { workspaceId: string; configurationId: string },
  precondition: Precondition,
): Promise<ConfigurationRecord> {
  const { workspaceId } = path;
  const configurationId = path.configurationId.toLowerCase();
  const active = await activeId(platform, workspaceId);
  const updatedAt = platform.now().toISOString();
  const archived = await update(platform.configurations, workspaceId, configurationId, (record) => {
    assertVersion(record, precondition);
    if (configurationId === active) {
      throw conflict('The active configuration cannot be archived: publish another one instead');
    }
    return record.status === 'archived' ? undefined : { ...record, status: 'archived' as const, updatedAt };
  });
  if (archived === undefined) throw unknownConfiguration(path.configurationId);
  return archived;
}
