import { AgentVersion } from '../../agents/index.ts';
import type { AgentRecord, AgentVersionRecord } from '../agents/agent-record.ts';
import { notFound } from '../operation/refusal.ts';
import type { Platform } from '../platform.ts';
import { update } from '../records/update.ts';
import { versionKey } from '../records/version-key.ts';
import { type Page, type PageQuery, pageAfter, toPage } from './list-page.ts';

type Versions = Pick<Platform, 'agents' | 'agentVersions' | 'now'>;

/**
 * Adds a version under the next free number. Numbers are taken by conditional inserts, so versions that are
 * created at once get different ones, without gaps; the agent's count of them follows.
 */
export async function createVersion(
  platform: Versions,
  workspaceId: string,
  agent: AgentRecord,
  definition: AgentVersion,
): Promise<AgentVersionRecord> {
  const createdAt = platform.now().toISOString();
  for (let no = agent.versions + 1; ; no += 1) {
    const record = { id: versionKey(agent.id, no), version: 1, no, definition, createdAt };
    if (!(await platform.agentVersions.insert(workspaceId, record))) continue;
    await update(platform.agents, workspaceId, agent.id, (current) =>
      current.versions >= no ? undefined : { ...current, versions: no, updatedAt: createdAt },
    );
    return record;
  }
}

/** @throws Refused 404. */
export async function findVersion(
  { agentVersions }: Pick<Platform, 'agentVersions'>,
  workspaceId: string,
  agentId: string,
  no: number,
): Promise<AgentVersionRecord> {
  const known = Number.isSafeInteger(no) && no > 0 && no < 10 ** 12;
  const record = known ? await agentVersions.get(workspaceId, versionKey(agentId, no)) : undefined;
  if (record === undefined) throw notFound('Version not found');
  return record;
}

/** The number in a path; one that is written otherwise than we write it is the number of no version. */
export const versionNumber = (text: string): number => (/^[1-9]\d{0,11}$/.test(text) ? Number(text) : 0);

/** Newest first. */
export async function listVersions(
  { agentVersions }: Pick<Platform, 'agentVersions'>,
  workspaceId: string,
  agent: AgentRecord,
  query: PageQuery,
): Promise<Page<ReturnType<typeof toVersionSummary>>> {
  const found = await agentVersions.list(workspaceId, {
    limit: query.limit,
    before: pageAfter(query),
    prefix: `${agent.id}#`,
  });
  const items = found.records.map((record) => toVersionSummary(agent, record));
  return toPage(items, found.next);
}

export function toVersionSummary({ id, deployedVersion }: AgentRecord, version: AgentVersionRecord) {
  const { no, createdAt } = version;
  return { agentId: id, no, isDeployed: no === deployedVersion, createdAt };
}

export const toVersion = (agent: AgentRecord, version: AgentVersionRecord) => ({
  ...toVersionSummary(agent, version),
  definition: AgentVersion.parse(version.definition),
});
