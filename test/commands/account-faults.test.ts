import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { complaintOf } from '../../bin/commands/account-fault.ts';
import { Complaint } from '../../bin/commands/command.ts';
import { openAccount } from '../../lib/adapters/aws/account.ts';
import { type FakePlatform, freeAddress, startFakePlatform } from './fake-platform.ts';
import { awsError, typing } from './terminal.ts';

/** CloudFormation on loopback, which refuses with this code. */
let formation: FakePlatform;
let code = '';
let folder: string;
beforeAll(async () => {
  formation = await startFakePlatform(() => ({
    status: 400,
    contentType: 'text/xml',
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>It said ${code}</Message></Error></ErrorResponse>`,
  }));
  folder = await mkdtemp(join(tmpdir(), 'runplane-aws-'));
  await writeFile(join(folder, 'config'), '[profile ops]\nregion = eu-central-1\n');
});
afterAll(async () => {
  await formation.close();
  await rm(folder, { recursive: true });
});

/** Nobody's machine: no credentials, no region, no configuration but the one above. */
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const signIn = (): void => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
};

const type = typing({ openAccount });
/** A machine without a network may take long to see that there is no such name. */
const SLOW_MS = 120_000;
const CREATE = ['workspace', 'create', '--stage', 'dev', '--name', 'Acme', '--email', 'ops@acme.example'];

describe('AWS says no', () => {
  it.each([
    ['ExpiredToken', 'Your AWS credentials have expired: sign in again, for instance with aws sso login.'],
    [
      'InvalidClientTokenId',
      'AWS does not take your credentials (InvalidClientTokenId): sign in again, for instance with aws sso login.',
    ],
    [
      'SignatureDoesNotMatch',
      'AWS does not take your credentials (SignatureDoesNotMatch): sign in again, for instance with aws sso login.',
    ],
    [
      'AccessDenied',
      'Your AWS credentials may not write to the table: use those that deployed the platform.',
    ],
    ['Throttling', 'AWS is asked too much at the moment to write to the table: try again in a minute.'],
    ['OddFault', 'AWS did not let us write to the table: OddFault: It said OddFault'],
  ])('%s', async (refusal, said) => {
    signIn();
    vi.stubEnv('AWS_ENDPOINT_URL', formation.url);
    code = refusal;

    expect(await type(...CREATE)).toEqual({ code: 1, out: '', err: `${said}\n` });
  });

  it.each([
    ['ExpiredTokenException', /have expired/],
    ['RequestExpired', /have expired/],
    ['UnrecognizedClientException', /does not take your credentials/],
    ['InvalidSignatureException', /does not take your credentials/],
    ['AccessDeniedException', /may not read the quotas/],
    ['ThrottlingException', /asked too much/],
  ])('%s, as services that speak JSON say it', (name, said) => {
    expect(String(complaintOf(awsError(name), { to: 'read the quotas' }))).toMatch(said);
  });

  it('the sign-in of a profile has expired', () => {
    const error = awsError('TokenProviderError', 'Token is expired. To refresh this SSO session …');

    expect(complaintOf(error, { to: 'x', profile: 'ops' })).toEqual(
      new Complaint('Your AWS sign-in has expired: aws sso login --profile ops.'),
    );
  });
});

describe('AWS is not reached', () => {
  it('without a region', async () => {
    expect(await type(...CREATE)).toEqual({
      code: 2,
      out: '',
      err: 'Say which region the platform is in: --region, or AWS_REGION.\n',
    });
  });

  it('without credentials', async () => {
    expect(await type(...CREATE, '--region', 'eu-west-1')).toEqual({
      code: 1,
      out: '',
      err: 'AWS does not know you: sign in first, for instance with aws sso login, or name a profile (--profile).\n',
    });
  });

  it.each([
    ['a profile that there is not', 'nobody', ['--region', 'eu-west-1']],
    ['a profile of which only the region is known', 'ops', []],
  ])('with %s', async (_what, profile, words) => {
    expect(await type(...CREATE, '--profile', profile, ...words)).toEqual({
      code: 1,
      out: '',
      err: `There are no AWS credentials under the profile '${profile}': aws configure list-profiles names those that there are, and aws sso login --profile ${profile} signs in.\n`,
    });
  });

  it('with a region that cannot be one', async () => {
    signIn();

    expect(await type(...CREATE, '--region', 'the moon')).toEqual({
      code: 2,
      out: '',
      err: "'the moon' is not the name of an AWS region: eu-west-1 is one.\n",
    });
  });

  it('where nothing listens', async () => {
    signIn();
    vi.stubEnv('AWS_ENDPOINT_URL', await freeAddress());

    const { code: exitCode, out, err } = await type(...CREATE);

    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^AWS does not answer \(connect ECONNREFUSED 127\.0\.0\.1:\d+\): is there a network, and a way through its proxy\?\n$/,
    );
  });

  it(
    'where no name is found, perhaps because the region is not spelt right',
    async () => {
      signIn();
      vi.stubEnv('AWS_ENDPOINT_URL', 'http://formation.invalid');

      const { code: exitCode, out, err } = await type(...CREATE, '--region', 'eu-wset-1');

      expect([exitCode, out]).toEqual([1, '']);
      expect(err).toMatch(
        /^AWS cannot be found \(getaddrinfo \w+ formation\.invalid\): is there a network, and is 'eu-wset-1' a region\?\n$/,
      );
    },
    SLOW_MS,
  );
});
