import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakePlatform, startFakePlatform } from './fake-platform.ts';
import { anAccount, aStack, awsError, typing } from './terminal.ts';

const PROVIDER = {
  id: 'aws',
  settings: { type: 'bedrock' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const HEALTHY: Record<string, FakeAnswer> = {
  '/health': { body: { status: 'OK' } },
  '/api/v1/providers?limit=100': { body: { items: [], nextCursor: null } },
  '/api/v1/workspaces/acme': { body: { name: 'Acme' } },
};

let platform: FakePlatform;
let answers = HEALTHY;
let folder: string;
beforeAll(async () => {
  platform = await startFakePlatform(
    ({ path }) => answers[path] ?? { status: 404, body: { message: 'Not found' } },
  );
  folder = await mkdtemp(join(tmpdir(), 'runplane-doctor-'));
  await writeFile(join(folder, 'demo.env'), `export BASE_URL="${platform.url}"\nexport API_KEY="a.b"\n`);
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  answers = HEALTHY;
});

const stacks = () => [
  aStack('runplane-dev-storage', { outputs: { TableName: 'dev-table' } }),
  aStack('runplane-dev-runs', { outputs: { ApiUrl: platform.url } }),
];

describe('runplane doctor', () => {
  it('finds nothing here, and says so', async () => {
    const typed = await typing({ environment: { RUNPLANE_DATA: folder, WORKSPACE_ID: 'acme' } })('doctor');

    expect(typed).toMatchObject({ code: 0, err: '' });
    expect(typed.out.split('\n').map((line) => line.replace(/^ok {7}/, ''))).toEqual([
      `Node.js is ${process.versions.node}.`,
      `The platform answers at ${platform.url}.`,
      "The key is good for the workspace 'Acme'.",
      expect.stringMatching(/ holds 1 MiB, and the disk has .+ left\.$/),
      expect.stringContaining('Java'),
      expect.stringContaining('Python'),
      'Nothing hurts.',
      '',
    ]);
  });

  it('gives programs the findings, and the exit code for a problem', async () => {
    answers = {
      ...HEALTHY,
      '/api/v1/providers?limit=100': { status: 401, body: { message: 'Invalid API key' } },
    };

    const typed = await typing({ environment: { API_KEY: 'x.y' } })(
      'doctor',
      '--url',
      platform.url,
      '--json',
    );

    expect(typed).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(typed.out).slice(1, 2)).toEqual([
      {
        level: 'problem',
        sentence:
          'The key from API_KEY is not taken (401: Invalid API key): was it revoked, or is it of another platform?',
      },
    ]);
  });

  it('asks for no key to see that the platform is up', async () => {
    const typed = await typing()('doctor', '--url', platform.url);

    expect(typed).toMatchObject({ code: 0, err: '' });
    expect(typed.out).toContain(
      `ok       The platform answers at ${platform.url}.\nwarn     No key was given`,
    );
    expect(typed.out).toMatch(/\n1 warning\.\n$/);
  });

  it('looks into the account of a stage', async () => {
    answers = {
      ...HEALTHY,
      '/api/v1/providers?limit=100': { body: { items: [PROVIDER], nextCursor: null } },
    };
    const openAccount = () =>
      anAccount(stacks(), {
        concurrency: async () => ({ limit: 10, unreserved: 10 }),
        overdueRuns: async ({ table }) => (table === 'dev-table' ? 3 : 0),
      });

    const { code, out } = await typing({ openAccount, environment: { API_KEY: 'a.b' } })(
      'doctor',
      '--stage',
      'dev',
    );

    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => /^(problem|warn)/.test(line))).toEqual([
      expect.stringMatching(/^problem {2}10 functions may run at once in eu-west-1: 5 event streams/),
      expect.stringMatching(/^problem {2}Nobody has looked after 3 runs for 10 minutes/),
      expect.stringMatching(/^warn {5}Agents answer with Bedrock/),
    ]);
    expect(out).toMatch(/\n2 problems and 1 warning\.\n$/);
    expect(out).not.toContain('Java');
  });

  it('goes on where it may not look', async () => {
    const denied = () => Promise.reject(awsError('AccessDeniedException'));
    const openAccount = () =>
      anAccount(stacks(), {
        ...{ concurrency: denied, quota: denied, roles: denied, restApis: denied, overdueRuns: denied },
      });

    const { code, out } = await typing({ openAccount })('doctor', '--stage', 'dev');

    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.startsWith('warn'))).toEqual([
      ...[
        "read Lambda's limits",
        "read the account's quotas",
        "count the account's roles",
        "count the account's REST APIs",
        'read the table',
      ].map((what) => `warn     Your AWS credentials may not ${what}: use those that deployed the platform.`),
      'warn     No key was given, so it was not seen whether one would be taken.',
    ]);
  });

  it('asks no further where there is no stage', async () => {
    const openAccount = () => anAccount(stacks());

    const typed = await typing({ openAccount, environment: { RUNPLANE_STAGE: 'dve' } })('doctor');

    expect(typed).toEqual({
      code: 1,
      out: `ok       Node.js is ${process.versions.node}.\nproblem  There is no stage 'dve' in eu-west-1: there is dev.\n1 problem.\n`,
      err: '',
    });
  });

  it('does not call a fault of its own a finding', async () => {
    const broken = () => Promise.reject(new TypeError('Something of ours is broken'));
    const openAccount = () => anAccount(stacks(), { region: broken });

    const typed = await typing({ openAccount })('doctor', '--stage', 'dev');

    expect(typed).toEqual({ code: 1, out: '', err: 'Something of ours is broken\n' });
  });
});
