import type { Platform } from '../../apis/platform.ts';
import { Refused } from '../../apis/refusal.ts';
import type { Subject } from '../../apis/tokens.ts';
import { memberId, type Role, type Workspace } from '../../apis/workspaces.ts';
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
 * What somebody is in a workspace: what their membership says, or a member when the workspace belongs to
 * the organisation that they act for; undefined when they are nothing there.
 */
export async function roleOf(
  subject: Subject,
  workspaceId: string,
  { members, workspaces }: Tokens,
): Promise<{ role: Role; email: string } | undefined> {
  const member = await members.get(workspaceId, memberId(workspaceId, subject.sub));
  if (member !== undefined) return { role: member.role, email: member.email ?? '' };
  if (subject.organizationId === undefined) return undefined;
  const workspace: Workspace | undefined = await workspaces.get(workspaceId, workspaceId);
  const isTheirs = workspace?.organizationId === subject.organizationId;
  return isTheirs ? { role: 'member', email: '' } : undefined;
}
