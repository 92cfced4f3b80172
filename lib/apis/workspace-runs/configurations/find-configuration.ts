import { notFound, type Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import type { ConfigurationRecord } from './configuration-record.ts';

export const unknownConfiguration = (configurationId: string): Refused =>
  notFound(`Configuration '${configurationId}' not found`);

/** @throws Refused 404. */
export async function findConfiguration(
  platform: Pick<Platform, 'configurations'>,
  workspaceId: string,
  configurationId: string,
): Promise<ConfigurationRecord> {
  const record = await platform.configurations.get(workspaceId, configurationId.toLowerCase());
  if (record === undefined) throw unknownConfiguration(configurationId);
  return record;
}

export const activeId = async (
  { workspaces }: Pick<Platform, 'workspaces'>,
  workspaceId: string,
): Promise<string | undefined> => (await workspaces.get(workspaceId, workspaceId))?.activeConfigurationId;
