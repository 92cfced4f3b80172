import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const create = (json: unknown) => platform.call('POST', 'api-keys', { json });
const revoke = (id: string, key?: string) =>
  platform.call('DELETE', `api-keys/${id}`, key === undefined ? {} : { key });
const list = async (): Promise<Record<string, unknown>[]> =>
  (await platform.call('GET', 'api-keys?limit=200')).body.items;
const ownerOf = (workspaceId: string) =>
  createKey(platform.platform, {
    workspaceId,
    name: 'Owner',
    role: 'owner',
    owner: { id: UNKNOWN, email: 'owner@example.com' },
  });

describe('POST /api-keys', () => {
  it('201: a member’s key, its secret shown this once, which works at once', async () => {
    const { status, body } = await create({ name: 'CI' });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      prefix: body.secret.split('.')[0],
      name: 'CI',
      role: 'member',
      ownerId: expect.any(String),
      secret: expect.stringMatching(/^[\w-]{12}\.[\w-]{40,}$/),
      createdAt: expect.any(String),
      expiresAt: null,
      user_id: body.ownerId,
      created_at: body.createdAt,
      expires_at: null,
    });
    expect((await platform.call('GET', 'runs', { key: body.secret })).status).toBe(200);
    expect((await platform.call('GET', 'api-keys', { key: body.secret })).status).toBe(403);
  });

  it('201: without a body, and with an expiry in either spelling', async () => {
    expect((await platform.call('POST', 'api-keys')).body).toMatchObject({ name: '', role: 'member' });
    for (const json of [{ expires_in_days: 7 }, { expiresInDays: 7 }]) {
      const { body } = await create({ ...json, role: 'reader' });
      expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(7 * 86_400_000);
      expect((await platform.call('POST', 'runs', { key: body.secret, json: {} })).status).toBe(403);
    }
  });

  it('201: a key that is good for one agent only', async () => {
    const { agentId } = platform.demo;
    const { status, body } = await create({ agentId, role: 'member' });

    expect([status, body.agentId]).toEqual([201, agentId]);
    expect((await platform.call('GET', 'runs', { key: body.secret })).status).toBe(403);
  });

  it.each([
    [{ agent_id: 'not an id' }, 'agent_id', 'value_error'],
    [{ agent_id: 'nobody' }, 'agent_id', 'value_error'],
    [{ role: 'god' }, 'role', 'enum'],
    [{ expires_in_days: 0 }, 'expires_in_days', 'greater_than_equal'],
    [{ expiresInDays: 3651 }, 'expiresInDays', 'less_than_equal'],
    [{ name: 'x'.repeat(101) }, 'name', 'string_too_long'],
    [{ secret: 'mine' }, 'secret', 'extra_forbidden'],
  ])('422: %j', async (json, path, code) => {
    expect(await create(json)).toMatchObject({ status: 422, body: { errors: [{ path, code }] } });
  });
});

describe('GET /api-keys', () => {
  it('200: page by page, and never a secret or its hash', async () => {
    const { body: made } = await create({ name: 'Newest' });

    const first = await platform.call('GET', 'api-keys?limit=1');
    const next = await platform.call('GET', `api-keys?limit=1&cursor=${first.body.meta.nextCursor}`);

    expect(first.body.items).toMatchObject([{ id: made.id, name: 'Newest', revokedAt: null }]);
    expect(next.body.items[0].id).not.toBe(made.id);
    const text = JSON.stringify(await list());
    expect(text).not.toMatch(/secret|hash/i);
    expect(text).not.toContain(made.secret.split('.')[1]);
  });
});

describe('DELETE /api-keys/{keyId}', () => {
  it('204: revoked, and again; the list says since when', async () => {
    const { body: key } = await create({});

    expect((await revoke(key.id)).status).toBe(204);
    const revokedAt = (await list()).find(({ id }) => id === key.id)?.revokedAt;
    expect(revokedAt).toEqual(expect.any(String));
    expect((await revoke(key.id)).status).toBe(204);
    expect((await list()).find(({ id }) => id === key.id)?.revokedAt).toBe(revokedAt);
    // It was never used, so nothing remembers it: it is refused at once.
    expect(await platform.call('GET', 'runs', { key: key.secret })).toMatchObject({
      status: 401,
      body: { detail: 'API key has been revoked' },
    });
  });

  it('204: a key may revoke itself', async () => {
    const { token, key } = await ownerOf(platform.demo.workspaceId);
    expect((await revoke(key.id, token)).status).toBe(204);
  });

  it('404: unknown, and of another workspace', async () => {
    const elsewhere = await ownerOf(platform.demo.otherWorkspaceId);
    for (const id of [UNKNOWN, elsewhere.key.id]) expect((await revoke(id)).status).toBe(404);
  });

  it('409: the last owner key, however many of them go at once', async () => {
    const base = `/api/v1/workspaces/${platform.demo.otherWorkspaceId}/api-keys`;
    const key = platform.demo.otherApiKey;
    await ownerOf(platform.demo.otherWorkspaceId);
    const owners = (await platform.call('GET', base, { key })).body.items;
    expect(owners.length).toBeGreaterThan(1);

    const answers = await Promise.all(
      owners.map(({ id }: { id: string }) => platform.call('DELETE', `${base}/${id}`, { key })),
    );

    expect(answers.some(({ status }) => status === 409)).toBe(true);
    const left = await platform.platform.keys.list(platform.demo.otherWorkspaceId);
    const good = left.filter(({ revokedAt }) => revokedAt === undefined);
    expect(good.length).toBeGreaterThan(0);
    for (const { id } of good.slice(1)) await platform.call('DELETE', `${base}/${id}`, { key });
    expect(await platform.call('DELETE', `${base}/${good[0]?.id}`, { key })).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'LAST_OWNER_KEY' }] },
    });
  });
});

describe('members', () => {
  const add = (json: unknown) => platform.call('POST', 'members', { json });

  /** Without the member that the first boot made, whom the development token speaks for. */
  const others = async (): Promise<unknown[]> =>
    (await platform.call('GET', 'members')).body.items.filter(
      ({ sub }: { sub: string }) => sub !== 'demo|developer',
    );

  it('201, 200, 200, 204: added, listed, changed, removed', async () => {
    const added = await add({ sub: 'auth0|ada/1', email: 'ada@example.com', role: 'reader' });
    expect(added).toMatchObject({
      status: 201,
      body: { sub: 'auth0|ada/1', email: 'ada@example.com', role: 'reader' },
    });
    const path = `members/${added.body.id}`;

    const changed = await platform.call('PATCH', path, { json: { role: 'owner', email: null } });
    expect(changed).toMatchObject({ status: 200, body: { sub: 'auth0|ada/1', role: 'owner' } });
    expect(changed.body).not.toHaveProperty('email');
    expect((await platform.call('PATCH', path, { json: {} })).body).toEqual(changed.body);
    expect(await others()).toEqual([changed.body]);

    expect((await platform.call('DELETE', path)).status).toBe(204);
    expect((await platform.call('DELETE', path)).status).toBe(404);
    expect((await platform.call('PATCH', path, { json: { role: 'member' } })).status).toBe(404);
    expect(await others()).toEqual([]);
  });

  it('409: a subject that is a member already; the same subject elsewhere is somebody else', async () => {
    const member = { sub: 'twice', role: 'member' };
    const { body: first } = await add(member);
    expect(await add({ ...member, role: 'owner' })).toMatchObject({
      status: 409,
      body: { detail: `'twice' is a member already (member '${first.id}').` },
    });

    const { otherWorkspaceId, otherApiKey: key } = platform.demo;
    const path = `/api/v1/workspaces/${otherWorkspaceId}/members`;
    expect((await platform.call('POST', path, { key, json: member })).status).toBe(201);
  });

  it.each([
    [{ role: 'member' }, 'sub', 'missing'],
    [{ sub: '', role: 'member' }, 'sub', 'string_too_short'],
    [{ sub: 'x' }, 'role', 'enum'],
    [{ sub: 'x', role: 'admin' }, 'role', 'enum'],
    [{ sub: 'x', role: 'member', email: 'nobody' }, 'email', 'value_error'],
    [{ sub: 'x', role: 'member', id: UNKNOWN }, 'id', 'extra_forbidden'],
  ])('422: %j', async (json, path, code) => {
    expect(await add(json)).toMatchObject({ status: 422, body: { errors: [{ path, code }] } });
  });

  it('403: for anybody but an owner', async () => {
    const { body } = await platform.call('POST', 'api-keys', { json: { role: 'member' } });
    expect((await platform.call('GET', 'members', { key: body.secret })).status).toBe(403);
  });
});

describe('the workspace', () => {
  const path = () => `/api/v1/workspaces/${platform.demo.workspaceId}`;
  const change = (json: unknown, headers: Record<string, string> = {}) =>
    platform.call('PATCH', path(), { json, headers });

  it('200: its name and settings, which keep everything unless told otherwise', async () => {
    const { status, body, headers } = await platform.call('GET', path());

    expect(status).toBe(200);
    expect(body).toEqual({
      id: platform.demo.workspaceId,
      name: 'Demo',
      keepAgentContent: false,
      organizationId: null,
      processOnUpload: false,
      activeConfigurationId: expect.any(String),
      retention: { runsDays: null, logsDays: null, outputsDays: null },
      version: expect.any(Number),
      createdAt: expect.any(String),
    });
    expect(headers.get('etag')).toBe(`"${body.version}"`);
  });

  it('200: changes what is named, in either spelling, and leaves the rest', async () => {
    await change({ name: 'Renamed', retention: { runsDays: 45, outputs_days: 30 } });
    const { body } = await change({ process_on_upload: true, retention: { runsDays: null, logsDays: 2 } });

    expect(body).toMatchObject({
      name: 'Renamed',
      processOnUpload: true,
      retention: { runsDays: null, logsDays: 2, outputsDays: 30 },
    });
    const uploaded = await platform.upload('at-once.csv', 'Email\na@example.com\n');
    expect(uploaded.body.lastRun).toMatchObject({ id: expect.any(String) });
    await change({ processOnUpload: false, retention: { logsDays: null, outputsDays: null } });
    expect((await platform.upload('later.csv', 'Email\n')).body).not.toHaveProperty('lastRun');
  });

  it('412: a version that is not the current one', async () => {
    expect((await change({ name: 'Late', version: 1 })).status).toBe(412);
    expect((await change({ name: 'Late' }, { 'if-match': '"1"' })).status).toBe(412);
  });

  it.each([
    [{ retention: { outputsDays: 2 } }, 'retention.outputsDays', 'value_error'],
    [{ retention: { runsDays: 0 } }, 'retention.runsDays', 'greater_than_equal'],
    [{ retention: { days: 1 } }, 'retention.days', 'extra_forbidden'],
    [{ name: '' }, 'name', 'string_too_short'],
    [{ activeConfigurationId: UNKNOWN }, 'activeConfigurationId', 'extra_forbidden'],
  ])('422: %j', async (json, at, code) => {
    expect(await change(json)).toMatchObject({ status: 422, body: { errors: [{ path: at, code }] } });
  });

  it('403: a member may read and not change it', async () => {
    const { body } = await create({});
    expect((await platform.call('GET', path(), { key: body.secret })).status).toBe(200);
    expect((await platform.call('PATCH', path(), { key: body.secret, json: {} })).status).toBe(403);
  });
});
