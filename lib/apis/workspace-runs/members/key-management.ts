import { conflict, invalid, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { roleIn } from '../../workspaces/api-keys.ts';
import { createKey } from '../../workspaces/create-key.ts';
import type { ApiKey, Caller, Role } from '../../workspaces/workspaces.ts';
import { type PageQuery, pageAmong } from '../record-page.ts';
import type { ApiKeySummary } from './members-contract.ts';

type Keys = Pick<Platform, 'keys' | 'now'>;

const DAY_MS = 86_400_000;

const revokedAt = ({ revokedAt: everywhere, revokedIn }: ApiKey, workspaceId: string): string | undefined =>
  revokedIn?.[workspaceId] ?? everywhere;

const described = (workspaceId: string, key: ApiKey) => {
  const { id, prefix, name, roles, ownerId, createdAt } = key;
  const role: Role = roles[workspaceId] ?? 'reader';
  const expiresAt = key.expiresAt ?? null;
  return {
    ...{ id, prefix, name, role, ownerId, createdAt, expiresAt },
    ...(key.agentId === undefined ? {} : { agentId: key.agentId }),
    ...{ user_id: ownerId, created_at: createdAt, expires_at: expiresAt },
  };
};

export function toApiKey(workspaceId: string, key: ApiKey): ApiKeySummary {
  const at = revokedAt(key, workspaceId) ?? null;
  return { ...described(workspaceId, key), revokedAt: at, revoked_at: at };
}

export interface AskedKey {
  name?: string | null | undefined;
  role: Role;
  expires_in_days?: number | null | undefined;
  /** The only agent that the key is to be good for. */
  agent_id?: string | null | undefined;
}

/**
 * A key that speaks for the same owner as the caller's. `secret` is what a client sends; nothing keeps it.
 * @throws Refused 422 for an agent that the workspace does not have: whoever made one of that id later would
 *   have given the key's holder something to use.
 */
export async function issueKey(
  platform: Pick<Platform, 'keys' | 'agents' | 'now' | 'newId'>,
  { workspaceId, ownerId, ownerEmail }: Caller,
  { name, role, expires_in_days: days, agent_id: agentId }: AskedKey,
) {
  if (agentId != null && (await platform.agents.get(workspaceId, agentId)) === undefined) {
    const message = `The workspace has no agent '${agentId}'`;
    throw invalid(message, [{ path: 'agent_id', message, code: 'value_error' }]);
  }
  const { key, token } = await createKey(platform, {
    workspaceId,
    name: name ?? '',
    role,
    agentId: agentId ?? undefined,
    owner: { id: ownerId, email: ownerEmail },
    lifetimeMs: days == null ? undefined : days * DAY_MS,
  });
  return { ...described(workspaceId, key), secret: token };
}

/** The keys of a workspace. They are read whole: a workspace has few. */
export async function listKeys(platform: Pick<Platform, 'keys'>, workspaceId: string, query: PageQuery) {
  const { records, meta } = pageAmong(await platform.keys.list(workspaceId), query);
  return { items: records.map((key) => toApiKey(workspaceId, key)), meta };
}

/**
 * Revokes a key for one workspace; where it has a role in another, it goes on working there. A key may
 * revoke itself. Revoking again changes nothing.
 * @throws Refused 404, 409 for the last key with the role of owner: nobody could manage the workspace then.
 */
export async function revokeKey(platform: Keys, workspaceId: string, keyId: string): Promise<void> {
  const key = (await platform.keys.list(workspaceId)).find(({ id }) => id === keyId.toLowerCase());
  if (key === undefined) throw notFound(`API key '${keyId}' not found`);
  if (revokedAt(key, workspaceId) !== undefined) return;
  if (!isOwner(key, workspaceId, platform.now())) {
    await change(platform, key.prefix, (current) => revoked(current, workspaceId, platform.now()));
    return;
  }
  await assertOtherOwner(platform, workspaceId, key.prefix);
  await change(platform, key.prefix, (current) => revoked(current, workspaceId, platform.now()));
  try {
    // Two owner keys that revoke each other at the same moment have both passed the check above.
    await assertOtherOwner(platform, workspaceId, key.prefix);
  } catch (error) {
    await change(platform, key.prefix, (current) => restored(current, workspaceId));
    throw error;
  }
}

/** A key of one agent manages nothing, whatever its role. */
const isOwner = (key: ApiKey, workspaceId: string, now: Date): boolean =>
  key.agentId === undefined &&
  key.revokedAt === undefined &&
  roleIn(key, workspaceId) === 'owner' &&
  (key.expiresAt === undefined || Date.parse(key.expiresAt) > now.getTime());

async function assertOtherOwner(platform: Keys, workspaceId: string, prefix: string): Promise<void> {
  const now = platform.now();
  const owners = (await platform.keys.list(workspaceId)).filter((key) => isOwner(key, workspaceId, now));
  if (owners.some((key) => key.prefix !== prefix)) return;
  throw conflict(
    'This is the last key with the role of owner in this workspace: create another one first.',
    'LAST_OWNER_KEY',
  );
}

function revoked(key: ApiKey, workspaceId: string, now: Date): ApiKey {
  const at = now.toISOString();
  const revokedIn = { ...key.revokedIn, [workspaceId]: at };
  const isOver = Object.keys(key.roles).every((id) => revokedIn[id] !== undefined);
  return { ...key, revokedIn, ...(isOver ? { revokedAt: at } : {}) };
}

function restored(key: ApiKey, workspaceId: string): ApiKey {
  const { revokedAt: _revokedAt, ...rest } = key;
  const { [workspaceId]: _here, ...revokedIn } = key.revokedIn ?? {};
  return { ...rest, revokedIn };
}

/** Reads the key, changes it, writes it unless somebody else did meanwhile, and otherwise starts again. */
async function change(platform: Keys, prefix: string, to: (key: ApiKey) => ApiKey): Promise<void> {
  const TRIES = 20;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const key = await platform.keys.get(prefix);
    if (key === undefined) return;
    if (await platform.keys.replace({ ...to(key), version: key.version + 1 })) return;
  }
  throw new Error(`Key ${prefix} changed ${TRIES} times while it was being updated`);
}
