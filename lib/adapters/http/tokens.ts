import { Refused } from '../../apis/operation/refusal.ts';
import type { Platform } from '../../apis/platform.ts';
import { isUuid } from '../../apis/records/uuid.ts';
import type { Subject } from '../../apis/workspaces/tokens.ts';
import {
  type Caller,
  memberId,
  type Permission,
  ROLE_PERMISSIONS,
  type Role,
} from '../../apis/workspaces/workspaces.ts';
import type { HttpRequest } from './request.ts';

/** RFC 6750: the scheme in any case, one space or more, and what a token is made of. */
const BEARER = /^bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/** What somebody who shows a token is let in by. */
export type Tokens = Pick<Platform, 'tokens' | 'members' | 'workspaces'>;

/** Whether the caller shows a token, good or bad: then it counts, whatever key is beside it. */
export const showsToken = (request: HttpRequest): boolean =>
  /^bearer\b/i.test(request.header('authorization') ?? '');

/** @throws Refused 401 for a token that is not good. */
export async function subjectOf(request: HttpRequest, { tokens }: Tokens): Promise<Subject> {
  const [, token] = BEARER.exec(request.header('authorization') ?? '') ?? [];
  const subject = token === undefined ? undefined : await tokens.verify(token);
  if (subject !== undefined) return subject;
  // RFC 6750, 3: how a client is told that its token, and not its right, is what is wrong.
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
  throw new Refused({ category: 'unauthenticated', message: 'Unauthorized access', headers });
}

/**
 * The caller in the workspace that the path names.
 * @throws Refused 403 for one that they may not use in this way, whether it exists or not.
 */
export async function permitSubject(
  permission: Permission,
  subject: Subject,
  request: HttpRequest,
  platform: Tokens,
): Promise<Caller> {
  const { projectId, workspaceId: named = projectId ?? '' } = request.pathParameters;
  const workspaceId = named.toLowerCase();
  const found = isUuid(workspaceId) ? await roleOf(subject, workspaceId, platform) : undefined;
  const permissions = found === undefined ? [] : ROLE_PERMISSIONS[found.role];
  if (found === undefined || !permissions.includes(permission)) throw new Refused({ category: 'forbidden' });
  return { workspaceId, ownerId: subject.sub, ownerEmail: found.email, permissions };
}

/** What their membership says, or a member's when the workspace belongs to the organisation they act for. */
async function roleOf(
  { sub, organizationId }: Subject,
  workspaceId: string,
  { members, workspaces }: Tokens,
): Promise<{ role: Role; email: string } | undefined> {
  const member = await members.get(workspaceId, memberId(workspaceId, sub));
  if (member !== undefined) return { role: member.role, email: member.email ?? '' };
  if (organizationId === undefined) return undefined;
  const workspace = await workspaces.get(workspaceId, workspaceId);
  return workspace?.organizationId === organizationId ? { role: 'member', email: '' } : undefined;
}
