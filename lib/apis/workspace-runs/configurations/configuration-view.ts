import type { ConfigurationRecord } from './configuration-record.ts';
import type { ConfigurationResource, ConfigurationSummary } from './configurations-contract.ts';

/** The workspace's pointer says which configuration is active, whatever a record has heard of it yet. */
function statusOf(record: ConfigurationRecord, active: string | undefined): ConfigurationRecord['status'] {
  if (record.id === active) return 'active';
  return record.status === 'active' ? 'archived' : record.status;
}

export function toSummary(
  workspaceId: string,
  record: ConfigurationRecord,
  active: string | undefined,
): ConfigurationSummary {
  const { id, name, version, createdAt, updatedAt, activatedAt } = record;
  const status = statusOf(record, active);
  return {
    id,
    workspaceId,
    name,
    status,
    version,
    createdAt,
    updatedAt,
    ...(activatedAt && { activatedAt }),
  };
}

export const toConfiguration = (
  workspaceId: string,
  record: ConfigurationRecord,
  active: string | undefined,
): ConfigurationResource => ({
  ...toSummary(workspaceId, record, active),
  definition: record.definition,
});
