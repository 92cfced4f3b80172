import {
  AgentVersion,
  isUsable,
  PROVIDER_TYPES,
  ProviderSettings,
  type ProviderType,
  type UsableVersion,
} from '../../agents/index.ts';
import { notFound, Refused } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { versionKey } from '../records/version-key.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import { type Agents, findAgent } from './find-agent.ts';

/** What a request may want otherwise than the version has it. */
export interface Asked {
  overrides?: { model?: string | { provider_id?: string | undefined } | undefined } | undefined;
}

/** What an agent is run with. */
export interface Ready {
  agentId: string;
  /** The number of the version. */
  no: number;
  version: UsableVersion;
  provider: ProviderSettings;
}

export type Catalogue = Agents & Pick<Platform, 'agentVersions' | 'providers'>;

/** The deployed version, checked in the order in which the API documents its refusals. @throws Refused. */
export async function readyToRun(
  platform: Catalogue,
  caller: Pick<Caller, 'workspaceId' | 'agentId'>,
  request: Asked & { agent_id: string },
): Promise<Ready> {
  const agent = await findAgent(platform, caller, request.agent_id);
  if (agent.deployedVersion === undefined) throw notDeployed();
  return readyVersion(platform, caller.workspaceId, agent.id, agent.deployedVersion, request);
}

/** One version of an agent with its provider. @throws Refused. */
export async function readyVersion(
  platform: Pick<Platform, 'agentVersions' | 'providers'>,
  workspaceId: string,
  agentId: string,
  no: number,
  { overrides }: Asked,
): Promise<Ready> {
  const record = await platform.agentVersions.get(workspaceId, versionKey(agentId, no));
  if (record === undefined) throw notDeployed();
  const version = AgentVersion.safeParse(record.definition);
  if (!version.success || !isUsable(version.data)) throw refuse('Invalid agent configuration');
  const asked = typeof overrides?.model === 'object' ? overrides.model.provider_id : undefined;
  const provider = await platform.providers.get(workspaceId, asked ?? version.data.model.provider_id);
  if (provider === undefined) throw notFound('Provider not found');
  return { agentId, no, version: version.data, provider: settingsOf(provider.settings) };
}

function settingsOf(settings: Record<string, unknown>): ProviderSettings {
  if (!PROVIDER_TYPES.includes(settings.type as ProviderType)) {
    throw refuse(`Unsupported provider type: ${String(settings.type)}`);
  }
  const parsed = ProviderSettings.safeParse(settings);
  if (!parsed.success) throw refuse('Invalid agent configuration');
  return parsed.data;
}

const notDeployed = (): Refused => notFound('No deployed version found for this agent');
const refuse = (message: string): Refused => new Refused({ category: 'bad_request', message });
