import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { aDefinition, makeAgent } from '../support/agents.ts';
import { type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const call = (method: string, path: string, json?: unknown, rest: Call = {}) =>
  platform.call(method, `/api/v1/${path}`, { ...(json === undefined ? {} : { json }), ...rest });
const definition = (question: string) => aDefinition('provider-of-test', question);

describe('agents', () => {
  it('201: are created under an id of choice or a generated one, and read back', async () => {
    const chosen = await call('POST', 'agents', { id: 'greeter', name: ' Greeter ' });
    expect(chosen).toMatchObject({
      status: 201,
      body: { id: 'greeter', name: 'Greeter', versions: 0, deployedVersion: null, previousVersion: null },
    });
    const generated = await call('POST', 'agents', { name: 'Other' });
    expect(generated.body.id).toMatch(/^[0-9a-z]{26}$/);

    expect((await call('GET', 'agents/greeter')).body).toEqual(chosen.body);
    const { items } = (await call('GET', 'agents')).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['greeter', generated.body.id]),
    );
  });

  it('are listed page by page, each once', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await call('GET', `agents?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('greeter');
    expect(await call('GET', 'agents?cursor=nonsense')).toMatchObject({
      status: 400,
      body: { message: 'Invalid cursor token.' },
    });
  });

  it('409: an id is taken in the whole deployment', async () => {
    const taken = { status: 409, body: { message: "Agent id 'greeter' is already in use" } };

    expect(await call('POST', 'agents', { id: 'greeter', name: 'Again' })).toMatchObject(taken);
    const other = { key: platform.demo.otherApiKey };
    expect(await call('POST', 'agents', { id: 'greeter', name: 'Again' }, other)).toMatchObject(taken);
  });

  it('400: what is wrong is said in one sentence', async () => {
    expect((await call('POST', 'agents', { id: 'a b', name: 'x' })).body).toEqual({
      message: 'id must have 1 to 26 letters, digits, underscores or hyphens',
    });
    expect(await call('PUT', 'agents/greeter/deployment', { version: 'one' })).toMatchObject({
      status: 400,
      body: { message: 'version must be a whole number' },
    });
    expect(await call('POST', 'agents/greeter/versions', { temperature: 9 })).toMatchObject({ status: 400 });
  });

  it('404: an id longer than any key of the database', async () => {
    for (const path of ['agents', 'providers']) {
      expect(await call('GET', `${path}/${'x'.repeat(3000)}`), path).toMatchObject({ status: 404 });
    }
  });

  it('403, 404: as for a run', async () => {
    const other = { key: platform.demo.otherApiKey };
    expect(await call('GET', 'agents/greeter', undefined, other)).toMatchObject({
      status: 403,
      body: { message: 'Access denied to this agent' },
    });
    expect(await call('GET', 'agents/nobody')).toMatchObject({
      status: 404,
      body: { message: 'Agent not found' },
    });
    expect(await call('GET', 'agents/greeter', undefined, { key: null })).toMatchObject({ status: 401 });
  });

  it('403: are managed by owners, and not with the key of one agent', async () => {
    const make = (role: 'owner' | 'member', agentId?: string) =>
      createKey(platform.platform, {
        ...{ workspaceId: platform.demo.workspaceId, name: role, role, agentId },
        owner: { id: '018f0000-0000-7000-8000-00000000000e', email: 'owner@example.com' },
      });
    for (const { token } of [await make('member'), await make('owner', 'greeter')]) {
      expect(await call('POST', 'agents', { name: 'x' }, { key: token })).toMatchObject({ status: 403 });
    }
  });
});

describe('versions', () => {
  it('are numbered, never change, and say what they were given', async () => {
    const first = await call('POST', 'agents/greeter/versions', definition('One'));
    expect(first).toMatchObject({ status: 201, body: { agentId: 'greeter', no: 1, isDeployed: false } });
    expect(first.body.definition).toMatchObject({ ...definition('One'), output: 'text', maxSteps: 5 });
    await call('POST', 'agents/greeter/versions', definition('Two'));

    expect((await call('GET', 'agents/greeter/versions/1')).body).toEqual(first.body);
    const { items } = (await call('GET', 'agents/greeter/versions')).body;
    expect(items.map(({ no }: { no: number }) => no)).toEqual([2, 1]);
    for (const no of ['3', '0', '-1', 'x', '01']) {
      expect(await call('GET', `agents/greeter/versions/${no}`)).toMatchObject({
        status: 404,
        body: { message: 'Version not found' },
      });
    }
  });

  it('that are created at once get numbers of their own, without gaps', async () => {
    const { id } = (await call('POST', 'agents', { name: 'Busy' })).body;
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        call('POST', `agents/${id}/versions`, definition(`No ${index}`)),
      ),
    );

    const numbers = made.map(({ body }) => body.no).toSorted((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect((await call('GET', `agents/${id}`)).body.versions).toBe(20);
  });
});

describe('deployments', () => {
  const ask = async (agentId: string) => (await call('POST', 'run', { agent_id: agentId })).body;

  it('replace one another, and are rolled back one by one', async () => {
    const id = await makeAgent(platform, { definition: definition('One') });
    await call('POST', `agents/${id}/versions`, definition('Two'));
    await call('POST', `agents/${id}/versions`, definition('Three'));
    const deploy = (version: number) => call('PUT', `agents/${id}/deployment`, { version });

    expect((await deploy(3)).body).toMatchObject({ deployedVersion: 3, previousVersion: 1 });
    expect(await ask(id)).toMatchObject({ text: 'Three' });
    await deploy(3);
    expect((await deploy(2)).body).toMatchObject({ deployedVersion: 2, previousVersion: 3 });

    const back = () => call('POST', `agents/${id}/deployment/rollback`);
    expect((await back()).body).toMatchObject({ deployedVersion: 3, previousVersion: 1 });
    expect((await back()).body).toMatchObject({ deployedVersion: 1, previousVersion: null });
    expect(await ask(id)).toMatchObject({ text: 'One' });
    expect(await back()).toMatchObject({
      status: 409,
      body: { message: 'There is no earlier version to go back to' },
    });
    expect(await deploy(9)).toMatchObject({ status: 404, body: { message: 'Version not found' } });
  });

  it('end with an undeploy, which a rollback takes back', async () => {
    const id = await makeAgent(platform, { definition: definition('One') });

    expect((await call('DELETE', `agents/${id}/deployment`)).body).toMatchObject({ deployedVersion: null });
    expect(await ask(id)).toEqual({ message: 'No deployed version found for this agent' });
    await call('DELETE', `agents/${id}/deployment`);
    expect((await call('POST', `agents/${id}/deployment/rollback`)).body).toMatchObject({
      deployedVersion: 1,
    });
  });

  it('that are made at once leave one version deployed', async () => {
    const id = await makeAgent(platform, { definition: definition('1'), deploy: false });
    for (let no = 2; no <= 20; no += 1) await call('POST', `agents/${id}/versions`, definition(String(no)));

    const deployed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        call('PUT', `agents/${id}/deployment`, { version: index + 1 }),
      ),
    );

    expect(deployed.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const { deployedVersion } = (await call('GET', `agents/${id}`)).body;
    const { items } = (await call('GET', `agents/${id}/versions?limit=100`)).body;
    expect(items.filter((version: { isDeployed: boolean }) => version.isDeployed)).toMatchObject([
      { no: deployedVersion },
    ]);
    expect(await ask(id)).toMatchObject({ text: String(deployedVersion) });
  });
});

describe('providers', () => {
  it('are put, put again and read, with the name of their secret alone', async () => {
    const settings = { type: 'openai-compatible', baseUrl: 'https://models.example/v1', apiKeyRef: 'openai' };
    const put = await call('PUT', 'providers/openai', settings);
    expect(put).toMatchObject({ status: 200, body: { id: 'openai', settings } });
    const again = await call('PUT', 'providers/openai', { ...settings, apiKeyRef: 'openai-2' });

    expect((await call('GET', 'providers/openai')).body).toEqual(again.body);
    expect(again.body).toMatchObject({ createdAt: put.body.createdAt, settings: { apiKeyRef: 'openai-2' } });
    expect((await call('GET', 'providers')).body.items).toContainEqual(again.body);
    expect(await call('GET', 'providers/nothing')).toMatchObject({
      status: 404,
      body: { message: 'Provider not found' },
    });
  });

  it('400: take no key, and no type that nobody knows', async () => {
    const base = { type: 'openai-compatible', baseUrl: 'https://models.example/v1' };
    for (const settings of [
      { ...base, apiKey: 'sk-very-secret' },
      { ...base, headers: { authorization: 'Bearer sk-very-secret' } },
      { type: 'xai' },
    ]) {
      const answer = await call('PUT', 'providers/bad', settings);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('sk-very-secret');
    }
  });
});
