import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { addPlatformStage } from '../../lib/stacks/platform-stage.ts';
import { diceOf } from '../support/nasty.ts';
import { chooseRounds } from './mutants.ts';
import {
  ANY_METHOD,
  type Mutation,
  withIntegrationOf,
  withoutPolicy,
  withoutVariable,
  withRenamedKey,
  withWrongPattern,
  withWrongTrust,
} from './mutations.ts';
import { NothingToChange, readTemplates, type Templates } from './templates.ts';

const outdir = await mkdtemp(join(tmpdir(), 'runplane-mutations-'));
afterAll(() => rm(outdir, { recursive: true, force: true }));
/** What is bundled is not looked at here, and takes a minute to make. */
const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
addPlatformStage(app, {
  ...{ stageName: 'test', operations, tracing: false },
  corsOrigins: ['https://app.example.com'],
});
app.synth();
const templates = await readTemplates(outdir);

/** Where two values differ, as paths of members. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
  if (!isTree(one) || !isTree(other)) return [path];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) =>
    differences(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      `${path}/${name}`,
    ),
  );
}

/** Paths without the name of the file and the digits of logical ids. */
const changes = ({ templates: mutated }: Mutation, from: Templates = templates): string[] =>
  differences(from, mutated).map((path) =>
    path.replace(/^\/[\w.-]+\/Resources\//, '').replace(/^(\w+?)[0-9A-F]{8}\b/, '$1'),
  );

describe('a mutation changes exactly one thing', () => {
  it('a function has no policy, and waits for none', () => {
    const mutation = withoutPolicy(templates, 'GetRun');

    expect(changes(mutation)).toEqual([
      'GetRunRoleDefaultPolicy',
      'GetRun/DependsOn/0',
      'GetRun/DependsOn/1',
    ]);
    expect(mutation).toMatchObject({ says: 'GetRun has no policy', culprits: ['GetRun'] });
    expect(JSON.stringify(mutation.templates)).not.toContain('GetRunRoleDefaultPolicy');
  });

  it('a route is answered by the function of another', () => {
    const mutation = withIntegrationOf(
      templates,
      { method: 'get', path: '/runs' },
      { method: ANY_METHOD, path: '/{proxy+}' },
    );

    const uri = 'Api/Properties/Body/paths//runs/get/x-amazon-apigateway-integration/uri/';
    expect(changes(mutation).map((path) => path.slice(0, uri.length))).toEqual([uri, uri]);
    expect(mutation.culprits).toEqual(['GET /runs']);
  });

  it.each([
    [0, 'source/0'],
    [3, 'detail/$or/0/status/1'],
    [6, 'detail/$or/1/input/0/prefix'],
  ])('a pattern has another text: no. %i', (no, where) => {
    const mutation = withWrongPattern(templates, 'ExecutionEnded', no);

    expect(changes(mutation)).toEqual([`ExecutionEnded/Properties/EventPattern/${where}`]);
    expect(mutation.culprits).toEqual(['ExecutionEnded']);
  });

  it('a function is not given a variable', () => {
    const mutation = withoutVariable(templates, 'CreateRun', 'RUNPLANE_DOCUMENT_MACHINE');

    expect(changes(mutation)).toEqual([
      'CreateRun/Properties/Environment/Variables/RUNPLANE_DOCUMENT_MACHINE',
    ]);
    expect(mutation.culprits).toEqual(['CreateRun', 'RUNPLANE_DOCUMENT_MACHINE']);
  });

  it('a key of the table has another name; where an index has it too, it keeps it', () => {
    const mutation = withRenamedKey(templates, 'Table', 'sk');

    expect(changes(mutation)).toEqual([
      'Table/Properties/AttributeDefinitions/6',
      'Table/Properties/KeySchema/1/AttributeName',
    ]);
    expect(mutation.culprits).toEqual([expect.stringMatching(/^Table[0-9A-F]{8}$/), 'sk']);
  });

  it('a key of an index has another name, and the old one is described no more', () => {
    const mutation = withRenamedKey(templates, 'Table', 'leaseUntil', 'open');
    const text = JSON.stringify(mutation.templates);

    expect(changes(mutation)).toContain(
      'Table/Properties/GlobalSecondaryIndexes/0/KeySchema/1/AttributeName',
    );
    expect(text).not.toContain('"leaseUntil"');
    expect(text.match(/"leaseUntilRenamed"/g)).toHaveLength(2);
    expect(mutation.culprits).toContain('open');
  });

  it('a role is for another service', () => {
    const mutation = withWrongTrust(templates, 'DocumentRunRole');

    expect(changes(mutation)).toEqual([
      'DocumentRunRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service',
    ]);
    expect(mutation.culprits).toEqual([expect.stringMatching(/^DocumentRunRole[0-9A-F]{8}$/)]);
  });

  it('and leaves the assembly that it was made of as it was', async () => {
    expect(templates).toEqual(await readTemplates(outdir));
  });
});

describe('a mutation that finds nothing to change', () => {
  const runs = { method: 'get', path: '/runs' };
  const others: [string, () => Mutation][] = [
    ['a function that is none', () => withoutPolicy(templates, 'GetNothing')],
    [
      'a function that has no policy any more',
      () => withoutPolicy(withoutPolicy(templates, 'GetRun').templates, 'GetRun'),
    ],
    ['a route that is none', () => withIntegrationOf(templates, { ...runs, method: 'put' }, runs)],
    ['a route of the same function', () => withIntegrationOf(templates, runs, { ...runs, path: '/v2/runs' })],
    [
      'a route that streams',
      () => withIntegrationOf(templates, runs, { method: 'get', path: '/runs/{run_id}/events' }),
    ],
    ['a rule that is none', () => withWrongPattern(templates, 'ExecutionBegun', 0)],
    ['a rule without a pattern', () => withWrongPattern(templates, 'EveryMinute', 0)],
    ['a text that the pattern has not', () => withWrongPattern(templates, 'ExecutionEnded', 7)],
    ['a variable that is not given', () => withoutVariable(templates, 'GetRun', 'RUNPLANE_SECRETS')],
    ['a key that is none', () => withRenamedKey(templates, 'Table', 'leaseUntil')],
    ['an index that is none', () => withRenamedKey(templates, 'Table', 'sk', 'byName')],
    ['a role that is none', () => withWrongTrust(templates, 'NobodysRole')],
  ];

  it.each(others)('refuses: %s', (_, mutate) => {
    expect(mutate).toThrow(NothingToChange);
  });
});

describe('the mutants of a run', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const allRounds = seeds.map((seed) => chooseRounds(templates, diceOf(seed)));
  const said = (kind: RegExp): Set<string> =>
    new Set(
      allRounds
        .flat()
        .flatMap(({ mutations }) => mutations.map(({ says }) => says).filter((says) => kind.test(says))),
    );

  it('are at least three of what is wrong most easily, and one of each other kind', () => {
    for (const rounds of allRounds) {
      const says = rounds.flatMap(({ mutations }) => mutations.map((mutation) => mutation.says));
      const count = (kind: RegExp): number => says.filter((each) => kind.test(each)).length;

      expect(count(/has no policy/)).toBe(4);
      expect(count(/is answered by the function of/)).toBe(3);
      expect(count(/is not given/)).toBe(4);
      expect(count(/the pattern of/)).toBe(1);
      expect(count(/the key/)).toBe(1);
      expect(count(/may be taken by/)).toBe(1);
    }
  });

  it('are others for another seed, and the same for the same', () => {
    expect(said(/has no policy/).size).toBeGreaterThan(60);
    expect(said(/the pattern of/).size).toBe(7);
    expect(chooseRounds(templates, diceOf(7))).toEqual(allRounds[7]);
  });

  it('that are deployed together are about different functions and routes', () => {
    for (const { mutations } of allRounds.flat()) {
      const subjects = mutations.map(({ culprits }) => culprits[0]);

      expect(new Set(subjects).size).toBe(subjects.length);
    }
  });
});
