import { conflict, notFound } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import { type Member, memberId, type Role } from '../../workspaces/workspaces.ts';
import type { MemberResource } from './members-contract.ts';

type Members = Pick<Platform, 'members' | 'now'>;

export function toMember(workspaceId: string, member: Member): MemberResource {
  const { id, sub, email, role, createdAt, updatedAt } = member;
  return { id, workspaceId, sub, ...(email === undefined ? {} : { email }), role, createdAt, updatedAt };
}

/** @throws Refused 409 when the subject is a member already. */
export async function addMember(
  platform: Members,
  workspaceId: string,
  { sub, email, role }: { sub: string; email?: string | undefined; role: Role },
): Promise<Member> {
  const createdAt = platform.now().toISOString();
  const member: Member = {
    id: memberId(workspaceId, sub),
    version: 1,
    sub,
    ...(email === undefined ? {} : { email }),
    role,
    createdAt,
    updatedAt: createdAt,
  };
  if (await platform.members.insert(workspaceId, member)) return member;
  throw conflict(`'${sub}' is a member already (member '${member.id}').`);
}

/** An email of null takes the address away. @throws Refused 404. */
export async function updateMember(
  platform: Members,
  path: { workspaceId: string; memberId: string },
  asked: { role?: Role | undefined; email?: string | null | undefined },
): Promise<Member> {
  const { role, email } = asked;
  const updatedAt = platform.now().toISOString();
  const updated = await update(platform.members, path.workspaceId, path.memberId.toLowerCase(), (member) => {
    if (role === undefined && email === undefined) return undefined;
    const { email: before, ...rest } = member;
    const kept = email === undefined ? before : (email ?? undefined);
    return { ...rest, role: role ?? member.role, updatedAt, ...(kept === undefined ? {} : { email: kept }) };
  });
  if (updated === undefined) throw notFound(`Member '${path.memberId}' not found`);
  return updated;
}

/**
 * No member is the last owner that a workspace must keep: it is managed with API keys, of which one with
 * that role always remains.
 * @throws Refused 404.
 */
export async function removeMember(
  platform: Pick<Platform, 'members'>,
  workspaceId: string,
  member: string,
): Promise<void> {
  const id = member.toLowerCase();
  if ((await platform.members.get(workspaceId, id)) === undefined)
    throw notFound(`Member '${member}' not found`);
  await platform.members.remove(workspaceId, id);
}
