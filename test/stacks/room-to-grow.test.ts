import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { A_STAGE_TAKES } from '../../bin/commands/doctor/account-facts.ts';
import { operations } from '../../lib/apis/index.ts';
import { type Operation, pathsOf } from '../../lib/apis/operation/operation.ts';
import { FunctionsStack } from '../../lib/stacks/functions-stack.ts';
import { pascal, type Resource, textOf } from './synthesize.ts';
import { synthesizeAll } from './whole-stage.ts';

/** What CloudFormation takes in one template. */
const LIMITS = { resources: 500, parameters: 200, outputs: 200, bytes: 1_000_000 };
/** What we allow a stack, so that it need not be divided the day it has grown. */
const OURS = 250;
/** As many more operations as there must be room for, and the most paths that one has. */
const MORE = 60;
const MOST_PATHS = Math.max(...operations.map((op) => pathsOf(op).length));

interface Body {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, unknown>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

/** As the CDK writes them. */
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value, undefined, 1));

const { stacks } = synthesizeAll(['test'], {
  alarmEmail: 'ops@example.com',
  cognito: true,
  corsOrigins: ['https://one.example', 'https://two.example'],
  tracing: true,
  wafRate: 2000,
});
const templates = stacks.map((stack) => {
  const body = Template.fromStack(stack).toJSON() as Body;
  return { name: stack.node.path, isNested: stack instanceof NestedStack, body, ...sizeOf(body) };
});
const nested = templates.filter(({ isNested }) => isNested);

function sizeOf({ Resources, Parameters = {}, Outputs = {}, ...rest }: Body) {
  return {
    resources: Object.keys(Resources).length,
    parameters: Object.keys(Parameters).length,
    outputs: Object.keys(Outputs).length,
    bytes: bytesOf({ Resources, Parameters, Outputs, ...rest }),
  };
}

/** A stack of the stage, or the one of an API within the runs stack. */
function templateOf(name: string) {
  const found = templates.find((one) => one.name === `runplane-test-${name}`);
  if (found === undefined) throw new Error(`There is no stack ${name}`);
  return found;
}
const runs = templateOf('runs');
const functionsOf = (api: string) => templateOf(`runs/${api.split('-').map(pascal).join('')}Functions`);

const under = ({ Resources }: Body, path: string): Resource[] =>
  Object.values(Resources).filter(({ Metadata }) => Metadata['aws:cdk:path'].startsWith(`${path}/`));

describe('AWS allows 500 resources a stack: every stack of a stage that has all there is', () => {
  it.each(templates)('$name has resources to spare: $resources', ({ resources }) => {
    expect(resources).toBeLessThanOrEqual(OURS);
  });

  it.each(templates)('$name is one that CloudFormation takes', ({ parameters, outputs, bytes }) => {
    expect(parameters).toBeLessThanOrEqual(LIMITS.parameters);
    expect(outputs).toBeLessThanOrEqual(LIMITS.outputs);
    expect(bytes).toBeLessThanOrEqual(LIMITS.bytes);
  });
});

describe('the stage', () => {
  const countOf = (type: string) =>
    templates.flatMap(({ body }) => Object.values(body.Resources)).filter(({ Type }) => Type === type).length;

  it('takes of the account as much as a deployment is told beforehand', () => {
    expect(countOf('AWS::IAM::Role')).toBeLessThanOrEqual(A_STAGE_TAKES.roles);
    expect(countOf('AWS::IAM::Role')).toBeGreaterThan(A_STAGE_TAKES.roles - 20);
    expect(countOf('AWS::ApiGateway::RestApi')).toBe(A_STAGE_TAKES.restApis);
  });
});

describe('the stacks of functions', () => {
  const apis = [...new Set(operations.map(({ api }) => api))];

  it('are one for each API, within the stack that has the API itself', () => {
    expect(nested.map(({ name }) => name)).toEqual(apis.map((api) => functionsOf(api).name));
  });

  it.each(operations)(
    'have of $operationId its function, role, policy and log, and hand over which function it is',
    ({ api, operationId }) => {
      const { name, body } = functionsOf(api);
      const types = under(body, `${name}/${pascal(operationId)}`).map(({ Type }) => Type);

      expect(types.toSorted()).toEqual([
        'AWS::IAM::Policy',
        'AWS::IAM::Role',
        'AWS::Lambda::Function',
        'AWS::Logs::LogGroup',
      ]);
    },
  );

  it.each(apis)('have nothing else: %s', (api) => {
    const { resources, outputs } = functionsOf(api);
    const count = operations.filter((op) => op.api === api).length;

    expect({ resources, outputs }).toEqual({ resources: 4 * count, outputs: count });
  });

  it.each(apis)('have room for sixty more operations, were they all of %s', (api) => {
    const { resources, parameters, outputs, bytes } = functionsOf(api);
    const count = operations.filter((op) => op.api === api).length;

    expect(resources + 4 * MORE).toBeLessThanOrEqual(LIMITS.resources);
    expect(outputs + MORE).toBeLessThanOrEqual(LIMITS.outputs);
    // They are given tables and machines, of which there are no more when there are more operations.
    expect(parameters).toBeLessThan(10);
    expect(bytes + (bytes / count) * MORE).toBeLessThanOrEqual(LIMITS.bytes);
  });

  it.each([
    [['runplane-test-runs'], true],
    [['**'], true],
    [[], false],
  ])('are bundled with the stack around them: %j', (bundled, expected) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': bundled } });
    const around = new Stack(app, 'runplane-test-runs');

    expect(new FunctionsStack(around, 'reference').bundlingRequired).toBe(expected);
  });
});

describe('the stack of the API', () => {
  const permissions = under(runs.body, `${runs.name}/Api`).filter(
    ({ Type }) => Type === 'AWS::Lambda::Permission',
  );
  const [api] = Object.values(runs.body.Resources).filter(({ Type }) => Type === 'AWS::ApiGateway::RestApi');
  const paths = operations.flatMap(pathsOf).length;

  it('has a permission for each path of an operation and one for everything else', () => {
    expect(permissions).toHaveLength(paths + 1);
  });

  it('has room for sixty more operations with as many paths as they have now', () => {
    expect(runs.resources + Math.ceil((paths / operations.length) * MORE)).toBeLessThanOrEqual(OURS);
  });

  it('is within all limits with sixty more that have as many paths as any has now', () => {
    const bytesOfPath = (bytesOf(api) + bytesOf(permissions)) / paths;

    expect(runs.resources + MORE * MOST_PATHS).toBeLessThanOrEqual(LIMITS.resources);
    expect(runs.bytes + MORE * MOST_PATHS * bytesOfPath).toBeLessThanOrEqual(LIMITS.bytes);
  });
});

describe('what stacks have of each other', () => {
  const exported = new Map(
    templates.flatMap(({ name, body }) =>
      Object.values(body.Outputs ?? {}).flatMap(({ Export }) =>
        Export === undefined ? [] : [[Export.Name, name] as const],
      ),
    ),
  );
  /** Which stack has what from which others, a stack within another being part of it. */
  const from = new Map<string, Set<string>>();
  for (const { name, body } of templates) {
    const [top = name] = name.split('/');
    const names = [...textOf(body).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, found]) => found);
    const others = names.map((found = '') => exported.get(found) ?? `nobody has ${found}`);
    from.set(top, new Set([...(from.get(top) ?? []), ...others]));
  }

  it('goes one way only, so that there is an order in which they are deployed', () => {
    const part = (name: string): string => name.replace('runplane-test-', '');
    const edges = [...from].map(([name, others]) => [part(name), [...others].map(part).toSorted()]);

    expect(Object.fromEntries(edges)).toEqual({
      users: [],
      storage: [],
      runs: ['storage', 'users'],
      examples: ['storage'],
      monitoring: ['runs', 'storage'],
    });
  });

  it('is none of the functions that answer, for what is exported cannot be renamed or removed', () => {
    const isOf = ({ operationId }: Operation) => {
      const beginning = new RegExp(`\\["${pascal(operationId)}[0-9A-F]{8}"`);
      return ({ Value }: { Value: unknown }) => beginning.test(textOf(Value));
    };
    const given = templates.flatMap(({ body }) => Object.values(body.Outputs ?? {}));

    for (const op of operations) {
      const outputs = given.filter(isOf(op)).map(({ Export }) => ({ Export }));
      expect([op.operationId, outputs]).toEqual([op.operationId, [{ Export: undefined }]]);
    }
  });
});
