import type { RunningRun } from '../../runs/run.ts';
import type { Outcome } from '../../runs/service.ts';
import { Configuration } from '../../spreadsheets/index.ts';
import type { WorkerPlatform } from '../platform.ts';
import { dottedPath } from '../schema-issues.ts';
import { update } from '../update.ts';
import type { ConfigurationRecord } from './configurations.ts';
import type { DocumentRunInput } from './document-run.ts';
import type { RunJournal } from './run-journal.ts';

/** Checks a configuration and says what is in it, or what is wrong with it and where. */
export async function validateConfiguration(
  platform: WorkerPlatform,
  run: RunningRun,
  input: DocumentRunInput,
  journal: RunJournal,
): Promise<Outcome> {
  const scope = input.operation === 'publish' ? 'run.publish.validate' : 'run.validate';
  journal.write({ event: `${scope}.start`, message: 'Validating configuration' });
  const record = await platform.configurations.get(run.workspaceId, input.configurationId);
  const parsed = Configuration.safeParse(record?.definition);
  const said = parsed.success
    ? ['Configuration OK', `- fields: ${parsed.data.fields.length}`]
    : parsed.error.issues.map((issue) => `${dottedPath(issue.path)}: ${issue.message}`);
  for (const message of said)
    journal.write({ event: `${scope}.stdout`, level: parsed.success ? 'info' : 'error', message });
  journal.write({
    event: `${scope}.complete`,
    message: 'Validation finished',
    data: { exit_code: parsed.success ? 0 : 1 },
  });
  if (parsed.success) return { type: 'succeeded', result: {} };
  const message = `The configuration is not valid: ${said.join('; ')}`;
  return { type: 'failed', failure: { code: 'invalid_configuration', stage: 'validate', message } };
}

/**
 * Makes a draft the workspace's active configuration and archives the one before. Each step may be
 * repeated; the workspace's pointer, written first, decides which configuration is active.
 */
export async function publishConfiguration(
  platform: WorkerPlatform,
  run: RunningRun,
  input: DocumentRunInput,
  journal: RunJournal,
): Promise<Outcome> {
  journal.write({ event: 'publish.start', message: 'Publishing configuration' });
  const outcome = await validateConfiguration(platform, run, input, journal);
  if (outcome.type === 'failed') return outcome;
  journal.write({ event: 'publish.activate.start', message: 'Activating configuration' });
  await activate(platform, run.workspaceId, input.configurationId);
  journal.write({ event: 'publish.activate.complete', message: 'Configuration is active' });
  return outcome;
}

async function activate(
  platform: WorkerPlatform,
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
  const at = platform.now().toISOString();
  const become = (status: ConfigurationRecord['status'], id: string) =>
    update(platform.configurations, workspaceId, id, (record) =>
      record.status === status
        ? undefined
        : { ...record, status, updatedAt: at, ...(status === 'active' ? { activatedAt: at } : {}) },
    );
  await become('active', configurationId);
  if (previous !== undefined && previous !== configurationId) await become('archived', previous);
}
