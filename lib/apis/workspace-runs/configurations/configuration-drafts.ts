import { tooManyPatterns } from '../../../spreadsheets/pattern-count.ts';
import { assertVersion, type Precondition } from '../../operation/precondition.ts';
import { conflict, invalid, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { unknownConfiguration } from './find-configuration.ts';

/** A record of DynamoDB has at most 400 KB; nobody's rules come near. */
export const MAX_DEFINITION_BYTES = 262_144;

/** A definition is six levels deep; whoever writes deeper ones wants to see what breaks. */
const MAX_DEPTH = 32;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

/** @throws Refused 413 for one that cannot be kept, 422 for one that cannot be walked through or that no run takes. */
export function assertDefinitionSize(definition: Record<string, unknown>): void {
  if (isDeeper(definition, MAX_DEPTH)) {
    const message = `A definition is nested at most ${MAX_DEPTH} levels deep`;
    throw invalid(message, [{ path: 'definition', message, code: 'value_error' }]);
  }
  const problem = tooManyPatterns(definition);
  if (problem !== undefined) {
    const issue = { path: 'definition.fields', message: problem, code: 'too_long' };
    throw invalid(`The definition ${problem}`, [issue]);
  }
  const byteSize = Buffer.byteLength(JSON.stringify(definition));
  if (byteSize <= MAX_DEFINITION_BYTES) return;
  const message = `A definition has at most ${MAX_DEFINITION_BYTES} bytes of JSON; this one has ${byteSize}.`;
  throw new Refused({ category: 'too_large', message });
}

export interface NewConfiguration {
  name: string;
  definition?: Record<string, unknown> | null | undefined;
}

/** A draft may be wrong while it is worked on; publishing and validating check it. */
export async function createDraft(
  platform: Pick<Platform, 'configurations' | 'now' | 'newId'>,
  workspaceId: string,
  asked: NewConfiguration,
): Promise<ConfigurationRecord> {
  const definition = await definitionOf(asked);
  assertDefinitionSize(definition);
  const createdAt = platform.now().toISOString();
  const draft: ConfigurationRecord = {
    id: platform.newId(),
    version: 1,
    name: asked.name,
    status: 'draft',
    definition,
    createdAt,
    updatedAt: createdAt,
  };
  await platform.configurations.insert(workspaceId, draft);
  return draft;
}

/** What is asked for, or the default one. It is read on demand: it brings the engine's rules along, which most drafts do not need here. */
export async function definitionOf({ definition }: NewConfiguration): Promise<Record<string, unknown>> {
  if (definition != null) return definition;
  const { DEFAULT_CONFIGURATION } = await import('../../../spreadsheets/default-configuration.ts');
  return { ...DEFAULT_CONFIGURATION };
}

/** @throws Refused 404, 409 for what is no draft any more, 412 when it changed since the caller read it. */
export async function updateDraft(
  platform: Pick<Platform, 'configurations' | 'now'>,
  path: { workspaceId: string; configurationId: string },
  asked: { name?: string | undefined; definition?: Record<string, unknown> | undefined },
  precondition: Precondition,
): Promise<ConfigurationRecord> {
  const { name, definition } = asked;
  if (definition !== undefined) assertDefinitionSize(definition);
  const updatedAt = platform.now().toISOString();
  const updated = await update(
    platform.configurations,
    path.workspaceId,
    path.configurationId.toLowerCase(),
    (record) => {
      assertVersion(record, precondition);
      if (record.status !== 'draft') throw conflict('Only a draft can be changed: create another one');
      if (name === undefined && definition === undefined) return undefined;
      return {
        ...record,
        updatedAt,
        ...(name === undefined ? {} : { name }),
        ...(definition === undefined ? {} : { definition }),
      };
    },
  );
  if (updated === undefined) throw unknownConfiguration(path.configurationId);
  return updated;
}
