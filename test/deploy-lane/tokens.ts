import { type Answer, type Caller, callerOf, seen } from './caller.ts';
import type { Journey } from './journeys.ts';

/** Somebody with a token of the stage's issuer, and what the workspace may know them by. */
export interface Bearer {
  token: string;
  /** A good one that is not meant for this platform. */
  wrongToken?: string | undefined;
  sub?: string | undefined;
  organizationId?: string | undefined;
}

/** What docs/thread-runs.md says of who may: nobody, then a member by `sub` or by organisation. */
export async function comeWithToken(journey: Journey, bearer: Bearer): Promise<void> {
  const { call, checks, workspaceId } = { ...journey, ...callerOf(journey) };
  const begin = beginner(call, workspaceId);
  const stranger = await begin(bearer.token);
  checks.check('a token of a stranger is 403', stranger.status === 403, seen(stranger));
  const welcome =
    bearer.sub === undefined
      ? await call('PATCH', `/api/v1/workspaces/${workspaceId}`, {
          json: { organizationId: bearer.organizationId },
        })
      : await call('POST', `/api/v1/workspaces/${workspaceId}/members`, {
          json: { sub: bearer.sub, role: 'member' },
        });
  const as = bearer.sub === undefined ? 'as one of an organisation' : 'as a member';
  checks.check(`its bearer is let in ${as}`, welcome.status < 300, seen(welcome));
  const member = await begin(bearer.token);
  checks.check('and begins a thread', member.status < 300, seen(member));
  const [head = '', , signature = ''] = bearer.token.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'somebody else' })).toString('base64url');
  const forged = await begin(`${head}.${claims}.${signature}`);
  checks.check('a forged token is 401', forged.status === 401, seen(forged));
  if (bearer.wrongToken === undefined) return;
  const wrong = await begin(bearer.wrongToken);
  checks.check('one that is meant for others is 401', wrong.status === 401, seen(wrong));
}

const beginner =
  (call: Caller['call'], workspaceId: string) =>
  (token: string): Promise<Answer> =>
    call('POST', `/api/projects/${workspaceId}/threads`, {
      json: {},
      key: null,
      headers: { authorization: `Bearer ${token}` },
    });
