import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beforeDeploying } from '../../bin/deploy/before-deploying.ts';
import { deployArguments } from '../../bin/deploy/deploy-arguments.ts';
import type { Account, AccountChoice } from '../../lib/adapters/aws/account.ts';
import { programOf } from '../support/program.ts';
import { startFakeAws } from './fake-aws.ts';
import { anAccount, aStack, awsError } from './terminal.ts';

describe('the arguments of a deployment', () => {
  it.each([
    [[], {}],
    [['-c', 'stage=prod', '--context', 'tracing=true'], { stage: 'prod', tracing: 'true' }],
    [['-cstage=a', '--context=stage=b', '--require-approval', 'never'], { stage: 'b' }],
    [
      ['-c', 'tokenIssuer=https://x.example/?a=b', '-c', 'nothing', '-c'],
      { tokenIssuer: 'https://x.example/?a=b' },
    ],
  ])('%j say of the stage %j', (words, context) => {
    expect(deployArguments(words)).toEqual({ isQuestion: false, profile: undefined, context });
  });

  it.each([['--profile', 'ops'], ['--profile=ops']])('name a profile: %s', (...words) => {
    expect(deployArguments(words).profile).toBe('ops');
  });

  it.each(['--help', '-h', '--version'])('%s only asks', (word) => {
    expect(deployArguments(['-c', 'stage=dev', word]).isQuestion).toBe(true);
  });
});

describe('before a deployment', () => {
  interface Tried {
    words?: string[];
    saved?: Record<string, unknown>;
    environment?: Record<string, string>;
    account?: Partial<Account>;
  }

  /** What is said beforehand, and which accounts were opened. */
  async function trying({ words = [], saved = {}, environment = {}, account = {} }: Tried) {
    const opened: AccountChoice[] = [];
    let said = '';
    const done = await beforeDeploying(deployArguments(words), saved, {
      environment,
      complain: (text) => {
        said += text;
      },
      openAccount: (choice) => {
        opened.push(choice);
        return anAccount([aStack('runplane-dev-runs')], {
          region: async () => choice.region ?? 'eu-west-1',
          ...account,
        });
      },
    }).then(
      (region) => ({ region, error: undefined }),
      (error: unknown) => ({ region: undefined, error }),
    );
    return { ...done, opened, said };
  }

  it('says where it goes, and nothing else where all is well', async () => {
    expect(await trying({})).toEqual({
      error: undefined,
      region: 'eu-west-1',
      opened: [
        { profile: undefined, region: undefined },
        { profile: undefined, region: 'eu-west-1' },
      ],
      said: 'Deploys the stage dev to the account 123456789012, in eu-west-1, as arn:aws:iam::123456789012:user/ops.\n',
    });
  });

  it.each([
    [['-c', 'stage=prod'], {}, 'the stage prod'],
    [[], { stage: 'dev,prod' }, 'the stages dev and prod'],
    [['-c', 'stage=one'], { stage: 'two' }, 'the stage one'],
  ])('goes by %j before %j', async (words, saved, what) => {
    expect((await trying({ words, saved })).said).toContain(`Deploys ${what} to the account`);
  });

  it.each([
    [{ AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-2'],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-3'],
    [{ AMAZON_REGION: 'eu-north-1' }, 'eu-north-1'],
  ])('finds the region as the CDK does: %j', async (environment, region) => {
    expect((await trying({ environment })).region).toBe(region);
  });

  it('says what every option is that there is not, and asks nobody', async () => {
    const { error, opened } = await trying({ words: ['-c', 'stge=prod'] });

    expect(error).toMatchObject({ name: 'Complaint', exitCode: 2 });
    expect(String(error)).toContain('There is no option stge; there are stage, ');
    expect(opened).toEqual([]);
  });

  const noRegion = () => Promise.reject(new Error('Region is missing'));
  const nobody = () => Promise.reject(awsError('CredentialsProviderError'));

  it('says everything that is missing at once', async () => {
    const { error, said } = await trying({ account: { region: noRegion, caller: nobody } });

    expect(String(error)).toBe(
      [
        'Complaint: Nothing was deployed.',
        'AWS does not know you: sign in first, for instance with aws sso login, or name a profile (--profile).',
        'No region is named: put AWS_REGION=eu-west-1, or another, before the command, or give your profile one.',
        'What a deployment needs is written in docs/deploy.md.',
      ].join('\n'),
    );
    expect(said).toBe('');
  });

  it('says that only the region is missing', async () => {
    const { error, opened } = await trying({ account: { region: noRegion } });

    expect(String(error)).toMatch(/^Complaint: Nothing was deployed\.\nNo region is named/);
    expect(opened.at(-1)?.region).toBe('us-east-1');
  });

  it('says of credentials that have expired how to have others', async () => {
    const expired = () => Promise.reject(awsError('ExpiredToken'));
    const { error } = await trying({ words: ['--profile', 'ops'], account: { caller: expired } });

    expect(String(error)).toContain('sign in again, for instance with aws sso login --profile ops.');
  });

  it('refuses a stage that does not fit', async () => {
    const account = { roles: async () => ({ used: 950, limit: 1000 }), restApis: async () => 600 };
    const { error, said } = await trying({ words: ['-c', 'stage=new'], account });

    expect(String(error)).toMatch(
      /^Complaint: Nothing was deployed\.\nThe account has 950 of 1,000 roles, so a new stage, which takes up to 110, does not fit\. Remove .+\nThe account has 600 of 600 REST APIs in eu-west-1, so .+\n/,
    );
    expect(said.split('\n')).toHaveLength(2);
  });

  it('updates the stage that is there, where no other would fit', async () => {
    const account = { roles: async () => ({ used: 950, limit: 1000 }) };
    const { region, said } = await trying({ account });

    expect(region).toBe('eu-west-1');
    expect(said).toMatch(/\nwarn {5}The account has 950 of 1,000 roles, so another stage/);
  });

  it('goes on in a new account, and says what that is like', async () => {
    const account = { concurrency: async () => ({ limit: 10, unreserved: 10 }) };
    const { region, said } = await trying({ account });

    expect(region).toBe('eu-west-1');
    expect(said).toMatch(
      /\nproblem {2}10 functions may run at once in eu-west-1: .+\n {9}Ask AWS for more: /,
    );
  });

  it("goes on for somebody who may only take on the CDK's roles", async () => {
    const denied = () => Promise.reject(awsError('AccessDenied'));
    const account = { stack: denied, concurrency: denied, quota: denied, roles: denied, restApis: denied };
    const { region, said } = await trying({ words: ['-c', 'stage=new'], account });

    expect(region).toBe('eu-west-1');
    expect(said.match(/^warn {5}Your AWS credentials may not/gm)).toHaveLength(4);
  });

  it('hides no fault of its own', async () => {
    const broken = () => Promise.reject(new TypeError('Something of ours is broken'));

    expect((await trying({ account: { caller: broken } })).error).toEqual(
      new TypeError('Something of ours is broken'),
    );
  });
});

describe('npm run deploy', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'runplane-deploy-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  /** As `npm run` starts it. */
  async function byScript(): Promise<string[]> {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
      scripts: { deploy: string };
    };
    const [runner = '', script = ''] = scripts.deploy.split(' ');
    return ['--import', runner, script];
  }

  /** With an environment that has nothing in it but this. */
  async function deploy(words: string[], more: Record<string, string> = {}, program?: string[]) {
    const started = program ?? [await programOf('scripts/deploy.ts')];
    const child = spawn(process.execPath, [...started, ...words], {
      env: { PATH: process.env.PATH, HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    return { code, out, err };
  }

  it('without credentials says so, and has begun nothing', async () => {
    const output = join(home, 'cdk.out');

    expect(await deploy(['--output', output], { AWS_REGION: 'eu-west-1' })).toEqual({
      code: 1,
      out: '',
      err: 'Nothing was deployed.\nAWS does not know you: sign in first, for instance with aws sso login, or name a profile (--profile).\nWhat a deployment needs is written in docs/deploy.md.\n',
    });
    expect(existsSync(output)).toBe(false);
  });

  it('asks for no credentials to say what it takes', async () => {
    const { code, out } = await deploy(['--help'], {}, await byScript());

    expect(code).toBe(0);
    expect(out).toContain('--require-approval');
  });

  it('hands its arguments over to the CDK, with the region that it has named', async () => {
    const aws = await startFakeAws({});
    const app = join(home, 'app.cjs');
    const seen = join(home, 'seen.json');
    await writeFile(
      app,
      `const { CDK_CONTEXT_JSON, CDK_DEFAULT_REGION, CDK_OUTDIR } = process.env;
      require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ CDK_CONTEXT_JSON, CDK_DEFAULT_REGION, CDK_OUTDIR }));
      process.exit(1);`,
    );
    try {
      const output = join(home, 'handed-over');
      const words = ['--app', `${process.execPath} ${app}`, '--output', output, '-c', 'stage=prod'];
      const { code, err } = await deploy(words, {
        ...{ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
        ...{
          AWS_DEFAULT_REGION: 'eu-north-1',
          AWS_ENDPOINT_URL: aws.endpoint,
          CDK_DISABLE_CLI_TELEMETRY: 'true',
        },
      });
      const { CDK_CONTEXT_JSON, ...others } = JSON.parse(await readFile(seen, 'utf8'));

      expect(err).toMatch(
        /^Deploys the stage prod to the account 123456789012, in eu-north-1, as arn:aws:iam::123456789012:user\/ops\.\n/,
      );
      expect(code).toBe(1);
      expect(JSON.parse(CDK_CONTEXT_JSON)).toMatchObject({ stage: 'prod' });
      expect(others).toEqual({ CDK_DEFAULT_REGION: 'eu-north-1', CDK_OUTDIR: output });
    } finally {
      await aws.close();
    }
  });
});
