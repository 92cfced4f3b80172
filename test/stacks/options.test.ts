import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPTIONS, platformOptions, WrongOption } from '../../bin/platform-options.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
/** Options as `cdk -c` hands them over, among what the CDK says itself. */
const options = (asked: Record<string, unknown> = {}) =>
  platformOptions({ ...context, 'aws:cdk:enable-path-metadata': true, ...asked });

const NONE = {
  corsOrigins: [],
  tracing: false,
  alarmEmail: undefined,
  wafRate: undefined,
  tokens: undefined,
  cognito: false,
};

describe('the options of a deployment', () => {
  it('need not be given', () => {
    expect(options()).toEqual({ stages: ['dev'], each: NONE });
  });

  it('are read as they are meant, with or without spaces', () => {
    const asked = {
      stage: 'dev, prod-eu',
      corsOrigins: 'https://app.example.com,http://localhost:3000',
      tracing: 'true',
      alarmEmail: 'ops@example.com',
      wafRate: '2000',
      tokenIssuer: 'https://tenant.example/',
      tokenAudience: 'api',
      tokenOrganizationClaim: 'org_id',
    };

    expect(options(asked)).toEqual({
      stages: ['dev', 'prod-eu'],
      each: {
        ...NONE,
        corsOrigins: ['https://app.example.com', 'http://localhost:3000'],
        tracing: true,
        alarmEmail: 'ops@example.com',
        wafRate: 2000,
        tokens: {
          issuer: 'https://tenant.example/',
          audience: 'api',
          jwksUri: undefined,
          organizationClaim: 'org_id',
        },
      },
    });
  });

  it('may stand in cdk.json, as what they are', () => {
    expect(options({ cognito: true, wafRate: 10, tracing: false }).each).toEqual({
      ...NONE,
      cognito: true,
      wafRate: 10,
    });
    expect(options({ corsOrigins: '*' }).each.corsOrigins).toEqual(['*']);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ stage: 'Prod' }, "begin with a letter, not 'Prod'."],
    [{ stage: '1st' }, "not '1st'."],
    [{ stage: 'a-name-that-is-too-long' }, "not 'a-name-that-is-too-long'."],
    [{ stage: 'dev,dev' }, 'stage names one stage twice.'],
    [{ corsOrigins: 'https://app.example.com/' }, "or *; not 'https://app.example.com/'."],
    [{ corsOrigins: 'app.example.com' }, "not 'app.example.com'."],
    [{ corsOrigins: 'file:///tmp' }, "not 'file:///tmp'."],
    [{ tracing: 'yes' }, "tracing is true or false, not 'yes'."],
    [{ cognito: '1' }, "cognito is true or false, not '1'."],
    [{ wafRate: '9' }, "from 10 to 2000000000; not '9'."],
    [{ wafRate: 'many' }, "not 'many'."],
    [{ wafRate: '10.5' }, "not '10.5'."],
    [{ alarmEmail: 'ops' }, "alarmEmail is an address such as ops@example.com, not 'ops'."],
    [{ alarmEmail: 'a@b.c,d@e.f' }, 'alarmEmail takes one value, not 2.'],
    [{ tokenIssuer: 'tenant.example', tokenAudience: 'api' }, "begins with https://, not 'tenant.example'."],
    [{ tokenIssuer: 'https://tenant.example' }, 'tokenIssuer goes with tokenAudience'],
    [{ tokenAudience: 'api' }, 'tokenAudience goes with tokenIssuer'],
    [{ tokenJwksUri: 'https://tenant.example/keys' }, 'tokenJwksUri goes with tokenIssuer'],
    [
      { cognito: 'true', tokenIssuer: 'https://tenant.example', tokenAudience: 'api' },
      'cognito=true brings an identity provider of its own: leave out tokenIssuer.',
    ],
    [{ alarmMail: 'ops@example.com' }, 'There is no option alarmMail; there are stage, corsOrigins'],
  ])('%j is refused in a sentence', (asked, sentence) => {
    expect(() => options(asked)).toThrow(WrongOption);
    expect(() => options(asked)).toThrow(sentence);
  });

  it('have a line each in docs/deploy.md', () => {
    const [, table = ''] = readFileSync('docs/deploy.md', 'utf8').split('## Options');
    const described = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(
      ([, name]) => name,
    );

    expect(described).toEqual(
      [...OPTIONS].sort((one, other) => described.indexOf(one) - described.indexOf(other)),
    );
  });

  it('that are wrong end the app with the sentence alone', () => {
    const { status, stdout, stderr } = spawnSync('node_modules/.bin/tsx', ['bin/platform.ts'], {
      encoding: 'utf8',
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ ...context, wafRate: '3' }) },
    });

    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        "wafRate is how many requests an address may make in five minutes, from 10 to 2000000000; not '3'.\n",
    });
  });
});
