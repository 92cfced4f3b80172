import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as getWorkspace } from '../../../lambdas/workspace-runs/get-workspace.ts';
import { toHandler } from '../../../lib/adapters/http/handler.ts';
import { issueKey, listKeys, revokeKey } from '../../../lib/apis/workspace-runs/members/key-management.ts';
import { roleIn, workspacesOf } from '../../../lib/apis/workspaces/api-keys.ts';
import { createKey } from '../../../lib/apis/workspaces/create-key.ts';
import { createWorkspace } from '../../../lib/apis/workspaces/create-workspace.ts';
import type { Caller } from '../../../lib/apis/workspaces/workspaces.ts';
import { openRecords, type Records } from './records-platform.ts';

let records: Records;
let platform: ReturnType<Records['fresh']>;
let workspaceId: string;
let owner: Awaited<ReturnType<typeof createKey>>;
beforeAll(async () => {
  records = await openRecords();
});
afterAll(() => records.close());

const OWNER = { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' };
const aKey = (role: 'owner' | 'member', lifetimeMs?: number) =>
  createKey(platform, { workspaceId, name: role, role, owner: OWNER, lifetimeMs });
const caller = (): Caller => ({ workspaceId, ownerId: OWNER.id, ownerEmail: OWNER.email, permissions: [] });

beforeEach(async () => {
  platform = records.fresh();
  workspaceId = (await createWorkspace(platform, 'Keys')).id;
  owner = await aKey('owner');
});

/** `accepted`, or why the key was refused. */
async function refused(token: string, on = platform, workspace = workspaceId): Promise<string> {
  const event = {
    httpMethod: 'GET',
    path: `/api/v1/workspaces/${workspace}`,
    headers: { 'x-api-key': token },
    pathParameters: { workspaceId: workspace },
    queryStringParameters: null,
    body: null,
  } as unknown as APIGatewayProxyEvent;
  const { statusCode, body } = await toHandler(getWorkspace.route, () => on)(event, {} as Context);
  return statusCode === 200 ? 'accepted' : JSON.parse(body).detail;
}

describe('a revoked key', () => {
  it('is refused at once where it was not used, and within 60 s where it was', async () => {
    const { key, token } = await aKey('member');
    expect(await refused(token)).toBe('accepted');
    await revokeKey(platform, workspaceId, key.id);

    expect(await refused(token, records.fresh())).toBe('API key has been revoked');
    records.advance(59);
    expect(await refused(token)).toBe('accepted');
    records.advance(1);
    expect(await refused(token)).toBe('API key has been revoked');
  });

  it.each([3600, 61, 1])('is refused within 60 s also where the clock is set back by %i s', async (back) => {
    const { key, token } = await aKey('member');
    expect(await refused(token)).toBe('accepted');
    await revokeKey(platform, workspaceId, key.id);
    const steady = performance.now();
    records.advance(-back);
    vi.spyOn(performance, 'now').mockReturnValue(steady + 60_000);

    const says = await refused(token);

    vi.restoreAllMocks();
    records.advance(back);
    expect(says).toBe('API key has been revoked');
  });

  it('is revoked for this workspace only, and the second time changes nothing', async () => {
    const other = (await createWorkspace(platform, 'Other')).id;
    const { key, token } = await aKey('owner');
    await platform.keys.replace({
      ...key,
      version: 2,
      roles: { [workspaceId]: 'owner', [other]: 'member' },
    });

    await revokeKey(platform, workspaceId, key.id);
    await revokeKey(platform, workspaceId, key.id);

    const elsewhere = records.fresh();
    expect(await refused(token, elsewhere)).toContain("Permission 'workspace.read' denied");
    expect(await refused(token, elsewhere, other)).toBe('accepted');
    const listed = async (id: string) =>
      (await listKeys(platform, id, { limit: 50 })).items.find((item) => item.id === key.id);
    expect((await listed(workspaceId))?.revokedAt).not.toBeNull();
    expect((await listed(other))?.revokedAt).toBeNull();
    const stored = await platform.keys.get(key.prefix);
    expect(stored?.version).toBe(3);
    expect(stored && [workspacesOf(stored), roleIn(stored, workspaceId)]).toEqual([[other], undefined]);

    await revokeKey(platform, other, key.id);
    expect(await refused(token, records.fresh(), other)).toBe('API key has been revoked');
  });
});

describe('the last owner key', () => {
  it('is not revoked, even when the only other one has expired or is a member’s', async () => {
    await aKey('member');
    await aKey('owner', -1);

    await expect(revokeKey(platform, workspaceId, owner.key.id)).rejects.toMatchObject({
      refusal: { category: 'conflict' },
    });
    expect(await refused(owner.token, records.fresh())).toBe('accepted');
  });

  it('is restored when two owner keys are revoked by each other at once', async () => {
    const second = await aKey('owner');
    const attempts = await Promise.allSettled(
      [owner, second].map(({ key }) => revokeKey(platform, workspaceId, key.id)),
    );

    expect(attempts.some(({ status }) => status === 'rejected')).toBe(true);
    const good = (await platform.keys.list(workspaceId)).filter(({ revokedAt }) => revokedAt === undefined);
    expect(good.length).toBeGreaterThan(0);
    expect(good.every(({ revokedIn }) => revokedIn?.[workspaceId] === undefined)).toBe(true);
  });

  it('is not replaced by a key of one agent', async () => {
    await createKey(platform, { workspaceId, name: 'Agent', role: 'owner', owner: OWNER, agentId: 'a1' });
    await expect(revokeKey(platform, workspaceId, owner.key.id)).rejects.toThrow('last key');
  });

  it('does not protect a key that has expired', async () => {
    const expired = await aKey('owner', -1);
    await revokeKey(platform, workspaceId, expired.key.id);
    expect((await platform.keys.get(expired.key.prefix))?.revokedAt).toBeDefined();
  });
});

describe('a key with an expiry', () => {
  it('works until then and not a moment longer, whatever is remembered', async () => {
    const { secret, expiresAt } = await issueKey(platform, caller(), { role: 'reader', expires_in_days: 1 });
    records.advance(86_399);
    expect(await refused(secret)).toBe('accepted');
    records.advance(1);
    expect(await refused(secret)).toBe('API key has expired');
    expect(expiresAt).toBe(platform.now().toISOString());
  });
});
