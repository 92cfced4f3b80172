import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as api from './aws-rules/api-document.ts';
import { all, type Body, type Rule } from './aws-rules/body.ts';
import { functionsAsBundled } from './aws-rules/functions.ts';
import { methodsMayCall, rulesMayCall } from './aws-rules/permissions.ts';
import * as sizes from './aws-rules/sizes.ts';
import { synthesizeAll } from './whole-stage.ts';

const { stages, stacks } = synthesizeAll(['test'], {
  alarmEmail: 'ops@example.com',
  cognito: true,
  corsOrigins: ['https://one.example', 'https://two.example'],
  tracing: true,
  wafRate: 2000,
});
/** As they are uploaded, and as one for each part: a function and who may call it stand in different ones. */
const uploaded = stacks.map((stack) => [stack.node.path, bodyOf(Template.fromStack(stack))] as const);
const parts = stages.flatMap(({ templates }) =>
  templates.map(({ part, template }) => [part, bodyOf(template)] as const),
);

function bodyOf(template: Template): Body {
  return template.toJSON() as Body;
}

/** The properties of the first resource of a type, to be changed. */
function first<Properties extends object>(body: Body, type: string): Properties {
  const [found] = all<Properties>(body, type);
  if (found === undefined) throw new Error(`The template has no ${type}`);
  return found[1];
}

const LONG = 'x'.repeat(10_000);
const FUNCTION = 'AWS::Lambda::Function';
const PERMISSION = 'AWS::Lambda::Permission';

const document = (body: Body): api.Document =>
  first<{ Body: api.Document }>(body, 'AWS::ApiGateway::RestApi').Body;

function addPaths(body: Body, paths: readonly string[]): void {
  const method = document(body).paths['/'] ?? {};
  for (const path of paths) document(body).paths[path] = method;
}

/** Takes away the permissions that a principal has. */
function forbid(body: Body, principal: string, isGone: (permission: string) => boolean = () => true): void {
  for (const [id, properties] of all<{ Principal: string }>(body, PERMISSION)) {
    if (properties.Principal === principal && isGone(JSON.stringify(properties))) delete body.Resources[id];
  }
}

interface Checked {
  what: string;
  rule: Rule;
  /** Breaks the rule in the template of the runs stack. */
  spoil: (body: Body) => void;
  says: RegExp;
}

const CHECKED: Checked[] = [
  {
    what: 'a template has at most 1 MB',
    rule: sizes.templateSize,
    spoil: (body) => Object.assign(first(body, FUNCTION), { Description: LONG.repeat(100) }),
    says: /^bytes of the template: \d+ of at most 1000000$/,
  },
  {
    what: 'inline policies of a role have at most 10,240 characters',
    rule: sizes.inlinePolicies,
    spoil: (body) => {
      const policy = first<{ PolicyDocument: { Statement: object[] } }>(body, 'AWS::IAM::Policy');
      policy.PolicyDocument.Statement.push({ Effect: 'Allow', Action: 's3:GetObject', Resource: LONG });
    },
    says: /^characters of inline policies of <\w+>\.+: \d+ of at most 10240$/,
  },
  {
    what: 'the environment of a function has at most 4 KB',
    rule: sizes.environments,
    spoil: (body) => Object.assign(first(body, FUNCTION), { Environment: { Variables: { LONG } } }),
    says: /^bytes of the environment of \w+: 10004 of at most 4096$/,
  },
  {
    what: 'the resource policy of a function has at most 20 KB',
    rule: sizes.resourcePolicies,
    spoil: (body) => {
      const [[, one] = []] = all<Record<string, unknown>>(body, PERMISSION);
      for (let n = 0; n < 50; n += 1)
        body.Resources[`Another${n}`] = { Type: PERMISSION, Properties: one ?? {} };
    },
    says: /^bytes of the resource policy of .+: \d+ of at most 20480$/,
  },
  {
    what: 'an event pattern has at most 2,048 characters',
    rule: sizes.eventPatterns,
    spoil: (body) => Object.assign(first(body, 'AWS::Events::Rule'), { EventPattern: { source: [LONG] } }),
    says: /^characters of the event pattern of \w+: \d+ of at most 2048$/,
  },
  {
    what: 'the document of an API has at most 6 MB',
    rule: api.apiDocumentSize,
    spoil: (body) => Object.assign(document(body), { info: LONG.repeat(600) }),
    says: /^bytes of the document of \w+: \d+ of at most 6000000$/,
  },
  {
    what: 'an API has at most 300 resources',
    rule: api.apiResources,
    spoil: (body) =>
      addPaths(
        body,
        Array.from({ length: 150 }, (_, n) => `/more${n}/below`),
      ),
    says: /^resources of \w+: \d+ of at most 300$/,
  },
  {
    what: 'parameters at one place of a path have one name',
    rule: api.siblingParameters,
    spoil: (body) => addPaths(body, ['/things/{one}/a', '/things/{two}/b']),
    says: /^parameters of \/things have several names: \{one\}, \{two\}$/,
  },
  {
    what: 'the gateway waits no longer than it can',
    rule: api.integrationTimeouts,
    spoil: (body) => {
      const [one] = api.methodsOf(document(body).paths);
      Object.assign(one?.method['x-amazon-apigateway-integration'] ?? {}, { timeoutInMillis: 29_001 });
    },
    says: /^milliseconds of x-amazon-apigateway-any-method \/: 29001 of at most 29000$/,
  },
  {
    what: 'each method may call its function',
    rule: methodsMayCall,
    spoil: (body) => forbid(body, 'apigateway.amazonaws.com', (one) => one.includes('/GET/docs/*')),
    says: /^get \/docs\/\{file\} may not call <.*GetDocsFile/,
  },
  {
    what: 'each rule may call its target',
    rule: rulesMayCall,
    spoil: (body) => forbid(body, 'events.amazonaws.com', (one) => one.includes('"EveryMinute')),
    says: /^rule EveryMinute\w+ may not call <.*Sweep/,
  },
  ...Object.entries({ Runtime: 'nodejs22.x', Architectures: ['x86_64'], Timeout: 901, MemorySize: 64 }).map(
    ([name, value]): Checked => ({
      what: `functions are as they are bundled, and as Lambda takes them: ${name}`,
      rule: functionsAsBundled,
      spoil: (body) => Object.assign(first(body, FUNCTION), { [name]: value }),
      says: new RegExp(`^\\w+ has .*${String(value)}`),
    }),
  ),
];

/** The template in which APIs, functions and rules are. */
const [, runs] = parts.find(([part]) => part === 'runs') ?? [];

describe.each(CHECKED)('$what', ({ rule, spoil, says }) => {
  it.each(rule === sizes.templateSize ? uploaded : parts)('in %s', (_, body) => {
    expect(rule(body)).toEqual([]);
  });

  it('or it is named', () => {
    const body = structuredClone(runs ?? { Resources: {} });
    spoil(body);

    const complaints = rule(body).filter((one) => says.test(one));

    expect(complaints).toHaveLength(1);
  });
});

describe('the rules', () => {
  it('have functions, methods and rules to be held against', () => {
    const counts = ['AWS::Lambda::Function', PERMISSION, 'AWS::Events::Rule'].map(
      (type) => parts.flatMap(([, body]) => all(body, type)).length,
    );

    expect(counts.every((count) => count >= 2)).toBe(true);
    expect(parts.flatMap(([, body]) => api.documentsOf(body))).toHaveLength(1);
  });

  it('find a method of an API that no permission names, whatever other methods may', () => {
    const body = structuredClone(runs ?? { Resources: {} });
    forbid(body, 'apigateway.amazonaws.com');
    const [[, { paths }] = ['', { paths: {} }]] = api.documentsOf(body);

    expect(methodsMayCall(body)).toHaveLength(api.methodsOf(paths).length);
  });
});
