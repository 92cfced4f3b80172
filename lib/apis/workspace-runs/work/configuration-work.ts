import type { Outcome } from '../../../runs/service.ts';
import type { WorkerPlatform } from '../../platform.ts';
import { checkInWorkspace } from '../configurations/configuration-rules.ts';
import { publishDraft } from '../configurations/publish-draft.ts';
import type { Attempt } from './attempt.ts';

/** Checks a configuration and says what is in it, or what is wrong with it and where. */
export async function validateConfiguration(
  platform: WorkerPlatform,
  { run, input, journal }: Attempt,
): Promise<Outcome> {
  const scope = input.operation === 'publish' ? 'run.publish.validate' : 'run.validate';
  journal.write({ event: `${scope}.start`, message: 'Validating configuration' });
  const record = await platform.configurations.get(run.workspaceId, input.configurationId);
  const { configuration, errors } = await checkInWorkspace(platform, run.workspaceId, record?.definition);
  const isValid = configuration !== undefined;
  const said = isValid
    ? ['Configuration OK', `- fields: ${configuration.fields.length}`]
    : errors.map(({ path, message }) => (path === undefined ? message : `${path}: ${message}`));
  for (const message of said)
    journal.write({ event: `${scope}.stdout`, level: isValid ? 'info' : 'error', message });
  journal.write({
    event: `${scope}.complete`,
    message: 'Validation finished',
    data: { exit_code: isValid ? 0 : 1 },
  });
  if (isValid) return { type: 'succeeded', result: {} };
  return failed('invalid_configuration', `The configuration is not valid: ${said.join('; ')}`);
}

const failed = (code: string, message: string): Outcome => ({
  type: 'failed',
  failure: { code, stage: 'validate', message },
});

/** Publishes a draft as the operation of that name does. Each step may be repeated. */
export async function publishConfiguration(platform: WorkerPlatform, attempt: Attempt): Promise<Outcome> {
  const { run, input, journal } = attempt;
  journal.write({ event: 'publish.start', message: 'Publishing configuration' });
  const outcome = await validateConfiguration(platform, attempt);
  if (outcome.type === 'failed') return outcome;
  journal.write({ event: 'publish.activate.start', message: 'Activating configuration' });
  const published = await publishDraft(platform, run.workspaceId, input.configurationId);
  // An earlier attempt of this run may have published it.
  const isDone = published.type === 'published' || (published.type === 'not_draft' && published.isActive);
  if (!isDone) return failed('publish_stale_snapshot', 'The draft changed while it was being published');
  journal.write({ event: 'publish.activate.complete', message: 'Configuration is active' });
  return outcome;
}
