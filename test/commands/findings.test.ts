import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  type AccountFacts,
  MOST_REST_APIS,
  QUOTAS,
  STAGE_BURST,
  STAGE_RATE,
} from '../../bin/commands/doctor/account-facts.ts';
import { aboutAccount } from '../../bin/commands/doctor/account-findings.ts';
import type { DeploymentFacts, Facts, PlatformFacts } from '../../bin/commands/doctor/facts.ts';
import type { Finding } from '../../bin/commands/doctor/finding.ts';
import { findings } from '../../bin/commands/doctor/findings.ts';
import { aStack } from './terminal.ts';

const node = { version: '24.1.0', needs: '>=20.19' };

/** What is found beside that Node.js is new enough. */
const of = (facts: Partial<Facts>): Finding[] => findings({ node, ...facts }).slice(1);
const levels = (found: readonly Finding[]): string[] => found.map(({ level }) => level);

describe('Node.js', () => {
  it.each([
    ['24.1.0', 'ok'],
    ['20.19.0', 'ok'],
    ['21.0.0', 'ok'],
    ['20.18.3', 'problem'],
    ['18.20.0', 'problem'],
  ])('%s is %s where 20.19 is needed', (version, level) => {
    expect(levels(findings({ node: { ...node, version } }))).toEqual([level]);
  });

  it('says what to do when it is too old', () => {
    expect(findings({ node: { ...node, version: '18.20.0' } })).toEqual([
      {
        level: 'problem',
        sentence: 'Node.js is 18.20.0, and must be >=20.19.',
        remedy: 'Install a newer one from nodejs.org.',
      },
    ]);
  });
});

describe('the platform', () => {
  const up: PlatformFacts = { url: 'https://x.example', health: { value: {} } };
  const answers = { level: 'ok', sentence: 'The platform answers at https://x.example.' };
  const about = (more: Partial<PlatformFacts> = {}) => of({ platform: { value: { ...up, ...more } } });

  it('cannot be found', () => {
    expect(of({ platform: { fault: 'Say where.' } })).toEqual([{ level: 'problem', sentence: 'Say where.' }]);
  });

  it('does not answer', () => {
    expect(about({ health: { fault: 'Nothing answers.' } })).toEqual([
      { level: 'problem', sentence: 'Nothing answers.' },
    ]);
  });

  it('answers, and was shown no key', () => {
    expect(about()).toEqual([
      answers,
      {
        level: 'warn',
        sentence: 'No key was given, so it was not seen whether one would be taken.',
        remedy: 'Give one: --key or API_KEY.',
      },
    ]);
  });

  it('does not take the key', () => {
    expect(about({ providers: { fault: 'Not taken.' } })).toEqual([
      { level: 'problem', sentence: 'Not taken.' },
    ]);
  });

  it('takes the key', () => {
    const taken = { level: 'ok', sentence: 'The key is taken.' };

    expect(about({ providers: { value: [] } })).toEqual([answers, taken]);
  });

  it('takes the key in the workspace', () => {
    const good = { level: 'ok', sentence: "The key is good for the workspace 'Acme'." };

    expect(about({ providers: { value: ['echo'] }, workspace: { value: 'Acme' } })).toEqual([answers, good]);
  });

  it('takes the key, but not in the workspace', () => {
    expect(about({ providers: { value: [] }, workspace: { fault: 'Not there.' } })).toEqual([
      answers,
      { level: 'problem', sentence: 'Not there.' },
    ]);
  });

  it('answers with models whose access nobody sees', () => {
    expect(levels(about({ providers: { value: ['echo', 'bedrock'] } }))).toEqual(['ok', 'ok', 'warn']);
  });
});

describe('the machine', () => {
  const machine = { folder: 'here', folderBytes: 3 * 1024 ** 2, freeBytes: 2 * 1024 ** 3 };

  it('has room and everything else', () => {
    expect(of({ machine: { ...machine, hasJava: true, hasPython: true } })).toEqual([
      { level: 'ok', sentence: 'here holds 3 MiB, and the disk has 2.0 GiB left.' },
      { level: 'ok', sentence: 'Java is there, so npm run test:long meets DynamoDB Local as well.' },
      { level: 'ok', sentence: 'Python is there, so npm run test:aws works.' },
    ]);
  });

  it('needs neither Java nor Python', () => {
    const found = of({ machine: { ...machine, hasJava: false, hasPython: false } });

    expect(levels(found)).toEqual(['ok', 'ok', 'ok']);
    expect(found.slice(1).every(({ sentence }) => sentence.endsWith('; nothing else needs it.'))).toBe(true);
  });

  it('is nearly full', () => {
    const [room] = of({ machine: { ...machine, freeBytes: 1024 ** 2, hasJava: true, hasPython: true } });

    expect(room).toEqual({
      level: 'warn',
      sentence: 'here holds 3 MiB, and the disk has 1 MiB left.',
      remedy: 'Make room, or name another folder with RUNPLANE_DATA.',
    });
  });
});

describe('the deployment', () => {
  const account: AccountFacts = {
    region: 'eu-west-1',
    concurrency: { value: { limit: 1000, unreserved: 1000 } },
    quotas: QUOTAS.map((quota) => ({ quota, seen: { value: quota.needs } })),
    roles: { value: { used: 100, limit: 1000 } },
    restApis: { value: 1 },
  };
  const healthy: DeploymentFacts = {
    stage: 'dev',
    stacks: { storage: aStack('runplane-dev-storage'), runs: aStack('runplane-dev-runs') },
    account,
    overdueRuns: { value: 0 },
  };
  const about = (more: Partial<DeploymentFacts> = {}) =>
    of({ deployment: { value: { ...healthy, ...more } } });
  /** Of the findings, those that are not fine. */
  const hurts = (more: Partial<DeploymentFacts>) => about(more).filter(({ level }) => level !== 'ok');
  /** The same of what the account grants. */
  const wants = (more: Partial<AccountFacts>) => hurts({ account: { ...account, ...more } });

  it('is fine', () => {
    expect(about()).toEqual(
      [
        'The stage dev is in the account 123456789012, in eu-west-1.',
        'The stack runplane-dev-storage is deployed.',
        'The stack runplane-dev-runs is deployed.',
        '1000 functions may run at once in eu-west-1: 500 event streams may be open, and 500 are left for calls and for steps.',
        'AWS allows 200 requests a second for all APIs of the account.',
        'AWS allows 400 requests at once for all APIs of the account.',
        'AWS allows 2,000 write units a second in one table.',
        'The account has 100 of 1,000 roles; a stage takes up to 110.',
        'The account has 1 of 600 REST APIs in eu-west-1; a stage takes 1.',
        'Every open run is looked after.',
      ].map((sentence) => ({ level: 'ok', sentence })),
    );
  });

  it('cannot be looked at', () => {
    expect(of({ deployment: { fault: 'AWS does not know you.' } })).toEqual([
      { level: 'problem', sentence: 'AWS does not know you.' },
    ]);
  });

  it.each([
    ['CREATE_COMPLETE', []],
    ['UPDATE_COMPLETE', []],
    ['IMPORT_COMPLETE', []],
    ['CREATE_IN_PROGRESS', ['warn']],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', ['warn']],
    ['REVIEW_IN_PROGRESS', ['warn']],
    ['DELETE_IN_PROGRESS', ['warn']],
    ['UPDATE_ROLLBACK_COMPLETE', ['warn']],
    ['IMPORT_ROLLBACK_COMPLETE', ['warn']],
    ['ROLLBACK_COMPLETE', ['problem']],
    ['CREATE_FAILED', ['problem']],
    ['UPDATE_ROLLBACK_FAILED', ['problem']],
    ['DELETE_FAILED', ['problem']],
    ['SOMETHING_NEW', ['problem']],
  ])('has a stack that is %s', (status, expected) => {
    const runs = aStack('runplane-dev-runs', { status });

    expect(levels(hurts({ stacks: { ...healthy.stacks, runs } }))).toEqual(expected);
  });

  it('has a stack whose last deployment failed', () => {
    const runs = aStack('runplane-dev-runs', { status: 'UPDATE_ROLLBACK_COMPLETE' });

    expect(hurts({ stacks: { ...healthy.stacks, runs } })).toEqual([
      {
        level: 'warn',
        sentence:
          'The last deployment of the stack runplane-dev-runs failed, and it is as it was before (UPDATE_ROLLBACK_COMPLETE).',
        remedy:
          'See why in its events: aws cloudformation describe-stack-events --stack-name runplane-dev-runs. Then deploy it again: npm run deploy -- -c stage=dev.',
      },
    ]);
  });

  it('lacks a stack that it needs; the others nobody misses', () => {
    const { storage } = healthy.stacks;

    expect(hurts({ stacks: storage === undefined ? {} : { storage } })).toEqual([
      {
        level: 'problem',
        sentence: 'The stage dev has no stack runs.',
        remedy: 'Deploy it: npm run deploy -- -c stage=dev.',
      },
    ]);
  });

  it.each([
    [1000, 1000, [], 'ok'],
    [100, 100, [], 'ok'],
    [99, 99, ['warn'], '49 event streams may be open, and 50 are left'],
    [1000, 60, ['warn'], '30 event streams may be open, and 30 are left'],
    [11, 11, ['warn'], '5 event streams may be open, and 6 are left'],
    [10, 10, ['problem'], '5 event streams may be open, and 5 are left'],
    [1000, 0, ['problem'], '0 functions may run at once'],
  ])('may run of %i functions %i at once', (limit, unreserved, expected, said) => {
    const found = wants({ concurrency: { value: { limit, unreserved } } });

    expect(levels(found)).toEqual(expected);
    for (const { sentence } of found) expect(sentence).toContain(said);
  });

  it('is in a new account', () => {
    expect(wants({ concurrency: { value: { limit: 10, unreserved: 10 } } })).toEqual([
      {
        level: 'problem',
        sentence:
          '10 functions may run at once in eu-west-1: 5 event streams may be open, and 5 are left for calls and for steps. Whoever comes beyond that is refused.',
        remedy:
          'Ask AWS for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region eu-west-1.',
      },
    ]);
  });

  it('is in an account whose functions keep others away', () => {
    const [found] = wants({ concurrency: { value: { limit: 1000, unreserved: 60 } } });

    expect(found?.remedy).toMatch(
      /^Functions of the account have reserved 940 more: give some back\. Ask AWS/,
    );
  });

  it.each(QUOTAS)('is short of $of', (quota) => {
    const quotas = [{ quota, seen: { value: quota.needs - 1 } }];

    const found = wants({ quotas });

    expect(levels(found)).toEqual(['warn']);
    expect(found[0]?.sentence).toContain(`AWS allows ${(quota.needs - 1).toLocaleString('en')} ${quota.of}`);
    // Of requests at once AWS gives what goes with those a second, and takes no wishes.
    const [how, code, value] =
      quota.code === 'L-CDF5615A'
        ? ['AWS raises it with another', 'L-8A5B8E43', 800]
        : ['Ask AWS for more', quota.code, quota.needs];
    expect(found[0]?.remedy).toBe(
      `${how}: aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${code} --desired-value ${value} --region eu-west-1.`,
    );
  });

  it.each([
    [1, '1 run '],
    [99, '99 runs '],
    [100, '100 runs or more '],
  ])('leaves %i runs alone', (count, said) => {
    const found = hurts({ overdueRuns: { value: count } });

    expect(levels(found)).toEqual(['problem']);
    expect(found[0]?.sentence).toContain(`Nobody has looked after ${said}`);
  });

  it('has no table to look into', () => {
    const { overdueRuns: _none, ...others } = healthy;

    expect(levels(of({ deployment: { value: others } }))).not.toContain('problem');
  });

  it('does not show everything, and says so', () => {
    const fault = { fault: 'You may not see this.' };
    const unseen = { concurrency: fault, quotas: [], roles: fault, restApis: fault };

    expect(hurts({ account: { ...account, ...unseen }, overdueRuns: fault })).toEqual(
      Array.from({ length: 4 }, () => ({ level: 'warn', sentence: 'You may not see this.' })),
    );
  });

  it('says once why quotas are not seen, and which', () => {
    const [first, ...others] = QUOTAS;
    const quotas = QUOTAS.map((quota) => ({
      quota,
      seen: { fault: quota === first ? 'It is asked too much.' : 'You may not.' },
    }));

    expect(wants({ quotas })).toEqual([
      {
        level: 'warn',
        sentence: 'It is asked too much.',
        remedy: `Not seen is how many there may be of ${first?.of}: look under Service Quotas in the AWS console.`,
      },
      {
        level: 'warn',
        sentence: 'You may not.',
        remedy: `Not seen is how many there may be of ${others.map((quota) => quota.of).join(' and ')}: look under Service Quotas in the AWS console.`,
      },
    ]);
  });

  it.each([
    [890, 1, []],
    [891, 0, ['warn']],
    [891, 1, ['problem']],
    [781, 2, ['problem']],
    [780, 2, []],
  ])('with %i of 1,000 roles taken, and %i new stages', (used, stages, expected) => {
    const found = aboutAccount({ ...account, roles: { value: { used, limit: 1000 } } }, stages);

    expect(levels(found.filter(({ level }) => level !== 'ok'))).toEqual(expected);
  });

  it('has no room for the roles of another stage', () => {
    expect(wants({ roles: { value: { used: 950, limit: 1000 } } })).toEqual([
      {
        level: 'warn',
        sentence:
          'The account has 950 of 1,000 roles, so another stage, which takes up to 110, does not fit.',
        remedy:
          'Remove roles or stages that nobody needs, or ask AWS for more: aws service-quotas request-service-quota-increase --service-code iam --quota-code L-FE177D64 --desired-value 2000 --region us-east-1.',
      },
    ]);
  });

  it.each([
    [MOST_REST_APIS - 1, 1, undefined],
    [
      MOST_REST_APIS,
      1,
      'The account has 600 of 600 REST APIs in eu-west-1, so a new stage, which takes 1, does not fit.',
    ],
    [
      MOST_REST_APIS - 1,
      2,
      'The account has 599 of 600 REST APIs in eu-west-1, so 2 new stages, which take 2, do not fit.',
    ],
  ])('with %i REST APIs, and %i new stages', (restApis, stages, sentence) => {
    const found = aboutAccount({ ...account, restApis: { value: restApis } }, stages);

    expect(found.find(({ level }) => level === 'problem')?.sentence).toBe(sentence);
  });

  it('is measured against what its API lets through', async () => {
    const source = await readFile('lib/stacks/runs-stack.ts', 'utf8');

    expect(source).toContain(`{ rate: ${STAGE_RATE}, burst: ${STAGE_BURST} }`);
  });
});
