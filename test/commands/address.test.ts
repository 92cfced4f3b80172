import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';
import { anAccount, aStack, typing } from './terminal.ts';

/** One of everywhere that a platform may be found. */
let platforms: Record<'typed' | 'staged' | 'environment' | 'local', FakePlatform>;
let folder: string;

const start = (): Promise<FakePlatform> =>
  startFakePlatform(({ path }) =>
    path.includes('/members')
      ? { body: { items: [], meta: { limit: 200, hasMore: false } } }
      : { body: { items: [], nextCursor: null } },
  );

beforeAll(async () => {
  platforms = {
    typed: await start(),
    staged: await start(),
    environment: await start(),
    local: await start(),
  };
  folder = await mkdtemp(join(tmpdir(), 'runplane-address-'));
  const variables = { BASE_URL: platforms.local.url, API_KEY: 'local.key', WORKSPACE_ID: 'local-workspace' };
  await writeFile(
    join(folder, 'demo.env'),
    Object.entries(variables)
      .map(([name, value]) => `export ${name}="${value}"\n`)
      .join(''),
  );
});
afterAll(async () => {
  await Promise.all(Object.values(platforms).map(({ close }) => close()));
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  for (const { asked } of Object.values(platforms)) asked.length = 0;
});

const who = (): string[] =>
  Object.entries(platforms).flatMap(([name, { asked }]) => asked.map(({ key }) => `${name}: ${key}`));

const openAccount = () =>
  anAccount([
    aStack('runplane-dev-runs', { outputs: { ApiUrl: `${platforms.staged.url}/` } }),
    aStack('runplane-dev-storage'),
  ]);

describe('where the platform is, and who speaks to it', () => {
  it.each([
    ['what the local platform wrote', [], {}, 'local: local.key'],
    ['the environment', [], { BASE_URL: 'environment', API_KEY: 'e.e' }, 'environment: e.e'],
    ['a stage of the environment', [], { RUNPLANE_STAGE: 'dev', API_KEY: 'e.e' }, 'staged: e.e'],
    [
      'an address of the environment before a stage of the environment',
      [],
      { BASE_URL: 'environment', RUNPLANE_STAGE: 'dev', API_KEY: 'e.e' },
      'environment: e.e',
    ],
    [
      'a stage that is typed before an address of the environment',
      ['--stage', 'dev'],
      { BASE_URL: 'environment', API_KEY: 'e.e' },
      'staged: e.e',
    ],
    [
      'an address that is typed before a stage that is typed',
      ['--url', 'typed', '--stage', 'dev', '--key', 't.t'],
      { BASE_URL: 'environment', API_KEY: 'e.e' },
      'typed: t.t',
    ],
    ['a key of the environment for the local platform', [], { API_KEY: 'e.e' }, 'local: e.e'],
    ['the local key for another address of this machine', ['--url', 'typed'], {}, 'typed: local.key'],
    [
      'nothing in an empty variable',
      [],
      { BASE_URL: '', API_KEY: '', RUNPLANE_STAGE: '' },
      'local: local.key',
    ],
  ])('is %s', async (_what, words, environment, expected) => {
    const named = (word: string): string =>
      word === 'typed' || word === 'environment' ? platforms[word].url : word;
    const set = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, named(value)]));
    const type = typing({ environment: { RUNPLANE_DATA: folder, ...set }, openAccount });

    const typed = await type('agent', 'list', ...words.map(named));

    expect(typed).toEqual({ code: 0, out: 'There are no agents.\n', err: '' });
    expect(who()).toEqual([expected]);
  });

  it.each([
    ['what the local platform wrote', [], {}, 'local-workspace'],
    ['the environment', [], { WORKSPACE_ID: 'environment' }, 'environment'],
    ['what is typed', ['--workspace', 'typed'], { WORKSPACE_ID: 'environment' }, 'typed'],
  ])('takes the workspace from %s', async (_what, words, environment, expected) => {
    const type = typing({ environment: { RUNPLANE_DATA: folder, ...environment } });

    await type('member', 'list', ...words);

    expect(platforms.local.asked.map(({ path }) => path)).toEqual([
      `/api/v1/workspaces/${expected}/members?limit=200`,
    ]);
  });

  it('lets RUNPLANE_STAGE say where a process is registered, whose own stage is typed', async () => {
    const type = typing({ environment: { RUNPLANE_STAGE: 'dev', API_KEY: 'e.e' }, openAccount });

    await type('process', 'register', '--name', 'x', '--stage', 'Draft', '--machine', 'arn');

    expect(platforms.staged.asked).toEqual([{ method: 'POST', path: '/processes', key: 'e.e' }]);
  });

  it.each([
    [
      'no platform',
      [],
      {},
      'Say where the platform is: --stage, or --url, or BASE_URL. Here, npm start brings one up.',
    ],
    [
      'an address that is none',
      ['--url', 'localhost:8001'],
      {},
      "--url is no address: 'localhost:8001' does not begin with https://.",
    ],
    [
      'an address that is none',
      [],
      { BASE_URL: 'x' },
      "BASE_URL is no address: 'x' does not begin with https://.",
    ],
    [
      'a stage that is none',
      ['--stage', 'my stage'],
      {},
      "'my stage' is no name of a stage: it has letters, digits and hyphens.",
    ],
    ['no key', ['--url', 'https://runplane.example'], {}, 'Say who you are: --key, or API_KEY.'],
    ['no local key for the key of a stage', ['--stage', 'dev'], {}, 'Say who you are: --key, or API_KEY.'],
    [
      'a key that was broken in two',
      ['--url', 'https://runplane.example', '--key', 'sec\nret'],
      {},
      'The key from --key has characters that no key has: was it copied whole?',
    ],
  ])('says what is missing or wrong: %s', async (_what, words, environment, said) => {
    const type = typing({ environment: { RUNPLANE_DATA: '/nowhere/at/all', ...environment }, openAccount });

    const typed = await type('agent', 'list', ...words);

    expect(typed).toEqual({ code: 2, out: '', err: `${said}\n` });
  });

  it('says which workspace is missing', async () => {
    const typed = await typing()('member', 'list', '--url', platforms.typed.url, '--key', 'a.b');

    expect(typed).toEqual({
      code: 2,
      out: '',
      err: 'Say which workspace is meant: --workspace, or WORKSPACE_ID.\n',
    });
  });

  it('never gives the local key to a deployment', async () => {
    const type = typing({ environment: { RUNPLANE_DATA: folder }, openAccount });

    const typed = await type('agent', 'list', '--stage', 'dev');

    expect(typed).toEqual({ code: 2, out: '', err: 'Say who you are: --key, or API_KEY.\n' });
    expect(who()).toEqual([]);
  });
});
