import type { Retention } from '../../../runs/retention.ts';
import { assertVersion, type Precondition } from '../../operation/precondition.ts';
import { notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import type { Workspace } from '../../workspaces/workspaces.ts';
import type { WorkspaceResource, WorkspaceUpdate } from './workspace-contract.ts';

export function toWorkspace(workspace: Workspace): WorkspaceResource {
  const { id, name, processOnUpload, keepAgentContent, activeConfigurationId, retention } = workspace;
  const { organizationId = null, version, createdAt } = workspace;
  const { runsDays = null, logsDays = null, outputsDays = null } = retention;
  return {
    ...{ id, name, processOnUpload, keepAgentContent, activeConfigurationId: activeConfigurationId ?? null },
    ...{ organizationId, retention: { runsDays, logsDays, outputsDays }, version, createdAt },
  };
}

/** @throws Refused 404. */
export async function findWorkspace(
  { workspaces }: Pick<Platform, 'workspaces'>,
  workspaceId: string,
): Promise<Workspace> {
  const workspace = await workspaces.get(workspaceId, workspaceId);
  if (workspace === undefined) throw notFound('Workspace not found');
  return workspace;
}

/** Changes the settings that are named. @throws Refused 412 when they changed since the caller read them. */
export async function changeSettings(
  { workspaces }: Pick<Platform, 'workspaces'>,
  workspaceId: string,
  asked: WorkspaceUpdate,
  { ifMatch }: Precondition,
): Promise<Workspace> {
  const { name, process_on_upload: processOnUpload, retention, version } = asked;
  const { keep_agent_content: keepAgentContent, organization_id: organizationId } = asked;
  const settings = [name, processOnUpload, keepAgentContent, organizationId, retention];
  const changed = await update(workspaces, workspaceId, workspaceId, (workspace) => {
    assertVersion(workspace, { ifMatch, version });
    if (settings.every((setting) => setting === undefined)) return undefined;
    const { organizationId: before, ...rest } = workspace;
    const organization = organizationId === undefined ? before : (organizationId ?? undefined);
    return {
      ...rest,
      ...(organization === undefined ? {} : { organizationId: organization }),
      ...(name === undefined ? {} : { name }),
      ...(processOnUpload === undefined ? {} : { processOnUpload }),
      ...(keepAgentContent === undefined ? {} : { keepAgentContent }),
      retention: changedRetention(workspace.retention, retention ?? {}),
    };
  });
  if (changed === undefined) throw notFound('Workspace not found');
  return changed;
}

/** A number sets a period, null takes it away, what is not named stays. */
function changedRetention(before: Retention, asked: NonNullable<WorkspaceUpdate['retention']>): Retention {
  const pick = (given: number | null | undefined, kept: number | undefined): number | undefined =>
    given === undefined ? kept : (given ?? undefined);
  const days = {
    runsDays: pick(asked.runs_days, before.runsDays),
    logsDays: pick(asked.logs_days, before.logsDays),
    outputsDays: pick(asked.outputs_days, before.outputsDays),
  };
  return Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined));
}
