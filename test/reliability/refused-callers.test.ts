import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDevelopmentIssuer } from '../../lib/adapters/local/development-issuer.ts';
import { operations } from '../../lib/apis/index.ts';
import { errorsOf, type Operation, pathsOf } from '../../lib/apis/operation/operation.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import type { Role } from '../../lib/apis/workspaces/workspaces.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { requestOf, slotsOf } from './requests.ts';
import { aTenant, nobodys, type Tenant } from './tenants.ts';

let platform: TestPlatform;
/** Whose workspace the requests are about, and somebody else. */
let mine: Tenant;
let theirs: Tenant;
const keys: Record<string, string> = {};
const tokens: Record<string, string> = {};

beforeAll(async () => {
  platform = await startTestPlatform();
  const { demo } = platform;
  mine = await aTenant(platform, { workspaceId: demo.workspaceId, key: demo.apiKey, agentId: 'mine' });
  theirs = await aTenant(platform, {
    workspaceId: demo.otherWorkspaceId,
    key: demo.otherApiKey,
    agentId: 'theirs',
  });

  const owner = { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' };
  const make = (role: Role, more: { lifetimeMs?: number; agentId?: string } = {}) =>
    createKey(platform.platform, { workspaceId: demo.workspaceId, name: role, role, owner, ...more });
  const [prefix = '', secret = ''] = demo.apiKey.split('.');
  const revoked = await make('owner');
  await platform.platform.keys.replace({ ...revoked.key, version: 2, revokedAt: '2026-01-01T00:00:00.000Z' });
  keys.reader = (await make('reader')).token;
  keys.ofOneAgent = (await make('owner', { agentId: 'mine' })).token;
  keys.ofAnotherAgent = (await make('owner', { agentId: demo.agentId })).token;
  keys.revoked = revoked.token;
  keys.expired = (await make('owner', { lifetimeMs: -1 })).token;
  keys.withBadChecksum = `${prefix}.${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`;
  keys.withSecretOfAnother = `${prefix}.${(await make('owner')).token.split('.')[1]}`;

  const issuer = await openDevelopmentIssuer(platform.dataFolder, () => new Date());
  const reader = { sub: 'reader of mine', role: 'reader' };
  await platform.call('POST', `/api/v1/workspaces/${mine.workspaceId}/members`, { json: reader });
  tokens.expired = await issuer.sign({ sub: 'demo|developer', exp: 1_700_000_000 });
  tokens.ofNobodyHere = await issuer.sign({ sub: 'a stranger' });
  tokens.ofReader = await issuer.sign({ sub: reader.sub });
  const [, body = ''] = demo.jwt.split('.');
  tokens.unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
});
afterAll(() => platform.close());

const guarded = operations.filter(({ permission }) => permission !== null);
const managed = guarded.filter(({ permission }) => permission?.endsWith('manage'));
const inWorkspace = guarded.filter(({ path }) => /\{(workspaceId|projectId)\}/.test(path));

type Credentials = { key: string | null; headers?: Record<string, string> };
const byKey = (name: string): Credentials => ({ key: keys[name] ?? '' });
const byToken = (name: string): Credentials => ({
  key: null,
  headers: { authorization: `Bearer ${tokens[name]}` },
});

/** What is wrong with a refusal, beside its status; undefined when nothing is. */
function wrongWith(operation: Operation, { status, headers, body }: Answer): string | undefined {
  const type = headers.get('content-type') ?? '';
  if (!errorsOf(operation).includes(status)) return 'the operation does not document this status';
  if (!/^application\/(problem\+)?json/.test(type)) return `comes as ${type}`;
  if (headers.get('x-request-id') === null) return 'has no request id';
  const parsed = operation.dialect.problem.safeParse(body);
  return parsed.success ? undefined : `is not in the dialect of its API: ${z.prettifyError(parsed.error)}`;
}

/** Asks each operation at each of its paths, and says what was not refused as it should have been. */
async function notRefused(
  asked: readonly Operation[],
  expected: (operation: Operation) => number,
  credentials: Credentials,
  workspaceId = mine.workspaceId,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of asked) {
    for (const path of pathsOf(operation)) {
      const { url, ...sent } = requestOf(operation, { path, tenant: mine, workspaceId });
      const answer = await platform.call(operation.method, url, { ...sent, ...credentials });
      const problem =
        answer.status === expected(operation)
          ? wrongWith(operation, answer)
          : `is not ${expected(operation)}`;
      if (problem !== undefined)
        wrong.push(
          `${operation.method} ${path}: ${answer.status} ${problem} ${answer.bytes.toString().slice(0, 200)}`,
        );
    }
  }
  return wrong;
}

/** Everything of a tenant that can be read, as it stands. */
async function everythingOf(tenant: Tenant): Promise<string[]> {
  const reads = guarded.filter(
    (operation) => operation.method === 'GET' && operation.success.body !== 'events',
  );
  const seen: string[] = [];
  for (const operation of reads) {
    const { url } = requestOf(operation, { path: operation.path, tenant });
    const { status, bytes, headers } = await platform.call('GET', url, { key: tenant.key });
    const text = bytes.toString('latin1').replaceAll(headers.get('x-request-id') ?? 'no id', '');
    seen.push(`${operation.operationId} ${status} ${text}`);
  }
  return seen;
}

describe('every guarded operation', () => {
  let before: string[][];
  beforeAll(async () => {
    before = [await everythingOf(mine), await everythingOf(theirs)];
  });

  const STRANGERS: Record<string, () => Credentials> = {
    'no key': () => ({ key: null }),
    'an empty key': () => ({ key: '' }),
    'a key without a dot': () => ({ key: 'nodot' }),
    'half a key': () => ({ key: 'prefix.' }),
    'a key that nobody made': () => ({ key: 'abcdefghijkl.c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' }),
    'a key with a bad checksum': () => byKey('withBadChecksum'),
    'a key with the secret of another': () => byKey('withSecretOfAnother'),
    'an expired key': () => byKey('expired'),
    'a revoked key': () => byKey('revoked'),
    'a key as a bearer token': () => ({ key: null, headers: { authorization: `Bearer ${mine.key}` } }),
    'an expired token': () => byToken('expired'),
    'an unsigned token': () => byToken('unsigned'),
  };
  it.each(Object.entries(STRANGERS))('401: %s', async (_name, credentials) => {
    expect(await notRefused(guarded, () => 401, credentials())).toEqual([]);
  });

  it('401: a good token, where only keys are good', async () => {
    const keysOnly = guarded.filter(({ acceptsTokens }) => acceptsTokens !== true);
    const jwt = { key: null, headers: { authorization: `Bearer ${platform.demo.jwt}` } };

    expect(await notRefused(keysOnly, () => 401, jwt)).toEqual([]);
  });

  it('403: a key that may only read, where something is changed', async () => {
    expect(await notRefused(managed, () => 403, byKey('reader'))).toEqual([]);
  });

  it('403: tokens of who may only read, and of who is nobody here', async () => {
    const withTokens = guarded.filter(({ acceptsTokens }) => acceptsTokens === true);
    const changing = withTokens.filter(({ permission }) => permission?.endsWith('manage'));

    expect(await notRefused(withTokens, () => 403, byToken('ofNobodyHere'))).toEqual([]);
    expect(await notRefused(changing, () => 403, byToken('ofReader'))).toEqual([]);
  });

  it('403: a key of one agent, where the whole workspace is meant', async () => {
    const ofAll = guarded.filter(({ forAgentKeys }) => forAgentKeys !== true);

    expect(await notRefused(ofAll, () => 403, byKey('ofOneAgent'))).toEqual([]);
  });

  it("403: another workspace's key", async () => {
    expect(await notRefused(inWorkspace, () => 403, { key: theirs.key })).toEqual([]);
  });

  it('404, or 403 where workspaces are projects: a workspace that does not exist', async () => {
    const expected = ({ api }: Operation): number => (api === 'workspace-runs' ? 404 : 403);

    for (const workspaceId of [nobodys(mine.workspaceId), 'not-an-id', '%00']) {
      expect(await notRefused(inWorkspace, expected, { key: mine.key }, workspaceId)).toEqual([]);
    }
  });

  it('nobody of these has changed or seen anything', async () => {
    expect([await everythingOf(mine), await everythingOf(theirs)]).toEqual(before);
  });
});

/** An answer without what names the request or the id that was asked for. */
const said = ({ status, headers, bytes }: Answer, id: string): string =>
  `${status} ${bytes
    .toString('utf8')
    .replaceAll(headers.get('x-request-id') ?? 'no id', '')
    .replaceAll(id, '<id>')}`;

describe("another workspace's id", () => {
  it('is answered like one that nobody has; of an agent, that it is not theirs', async () => {
    const before = await everythingOf(theirs);
    const wrong: string[] = [];
    let slots = 0;
    for (const operation of guarded) {
      const asked = { path: operation.path, tenant: mine };
      for (const slot of slotsOf(operation, mine)) {
        const id = theirs.has[operation.api][slot.name];
        if (id === undefined) throw new TypeError(`${operation.operationId} asks for a ${slot.name}`);
        slots += 1;
        const ask = async (other: string): Promise<Answer> => {
          const { url, ...sent } = requestOf(operation, { ...asked, other: { slot, id: other } });
          return platform.call(operation.method, url, { key: mine.key, ...sent });
        };
        const [answer, unknown] = [await ask(id), await ask(nobodys(id))];
        const same = said(answer, id) === said(unknown, nobodys(id));
        const isTheirAgent = /^agent(_id|Id)$/.test(slot.name) && [403, 404, 409].includes(answer.status);
        const problem = answer.status < 400 ? undefined : wrongWith(operation, answer);
        if (!(same || isTheirAgent) || problem !== undefined)
          wrong.push(
            `${operation.operationId} ${slot.in} ${slot.name}: ${said(answer, id).slice(0, 300)}, not ${said(unknown, nobodys(id)).slice(0, 300)} ${problem ?? ''}`,
          );
      }
    }

    expect(wrong).toEqual([]);
    expect(slots).toBeGreaterThan(60);
    expect(await everythingOf(theirs)).toEqual(before);
  });

  it('is refused to a key of another agent of the same workspace, and not to the workspace', async () => {
    const ofAgents = guarded.filter(({ forAgentKeys }) => forAgentKeys === true);
    const wrong: string[] = [];
    for (const operation of ofAgents.filter((op) =>
      slotsOf(op, mine).some(({ name }) => name !== 'file_ids'),
    )) {
      const { url, ...sent } = requestOf(operation, { path: operation.path, tenant: mine });
      const ask = (key: string) => platform.call(operation.method, url, { ...sent, key });
      const [answer, own] = [await ask(keys.ofAnotherAgent ?? ''), await ask(mine.key)];
      // Files are looked for before their agent is.
      const isRefused = [400, 403, 404].includes(answer.status) && (own.status < 400 || own.status === 409);
      const problem = isRefused
        ? wrongWith(operation, answer)
        : `is told ${answer.status}, and its owner ${own.status}`;
      if (problem !== undefined) wrong.push(`${operation.operationId}: ${problem} ${answer.bytes}`);
    }

    expect(wrong).toEqual([]);
  });
});
