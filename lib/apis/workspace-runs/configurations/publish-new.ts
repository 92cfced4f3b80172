import { conflict } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import {
  assertDefinitionSize,
  createDraft,
  definitionOf,
  type NewConfiguration,
} from './configuration-drafts.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { checkInWorkspace, invalidDefinition } from './configuration-rules.ts';
import { type PublishPlatform, publishDraft } from './publish-draft.ts';

/**
 * Creates a configuration and puts it in force. One that is refused leaves nothing behind.
 * @throws Refused 409, 413, 422 with everything that is wrong with it.
 */
export async function publishNew(
  platform: PublishPlatform & Pick<Platform, 'newId'>,
  workspaceId: string,
  asked: NewConfiguration,
): Promise<ConfigurationRecord> {
  const definition = await definitionOf(asked);
  assertDefinitionSize(definition);
  const { errors } = await checkInWorkspace(platform, workspaceId, definition);
  if (errors.length > 0) throw invalidDefinition(errors);
  const draft = await createDraft(platform, workspaceId, { ...asked, definition });
  const published = await publishDraft(platform, workspaceId, draft.id);
  if (published.type === 'published') return published.record;
  // Meanwhile a list was deleted that it names, or somebody saw the draft and put it away.
  await platform.configurations.remove(workspaceId, draft.id);
  if (published.type === 'invalid') throw invalidDefinition(published.errors);
  throw conflict('The configuration was changed by somebody else while it was being published: try again');
}
