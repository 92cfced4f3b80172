import { describe, expect, it } from 'vitest';
import { IS_LONG } from '../support/lane.ts';
import { ofType, synthesizeAll } from './whole-stage.ts';

/** Everything that can be asked for, so that nothing is left out below. */
const EVERYTHING = { cognito: true, alarmEmail: 'ops@example.com', wafRate: 2000, tracing: true };
const { stages, resources, findings } = synthesizeAll(['dev', 'prod'], EVERYTHING, { isValidated: IS_LONG });

/** Properties by which resources are called. CloudFormation finds names for those that have none. */
const NAMES: Record<string, string> = {
  'AWS::ApiGateway::RestApi': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::Cognito::UserPool': 'UserPoolName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::WAFv2::WebACL': 'Name',
};

describe('two stages at once', () => {
  it('are five stacks each, of the same parts', () => {
    const parts = stages.map(({ templates }) => templates.map(({ part }) => part).sort());

    expect(parts).toEqual([
      ['examples', 'monitoring', 'runs', 'storage', 'users'],
      ['examples', 'monitoring', 'runs', 'storage', 'users'],
    ]);
  });

  it('break no rule of AwsSolutions without a written reason', () => {
    expect(findings).toEqual([]);
  });

  it('want no name that the other wants', () => {
    const named = resources.flatMap(({ Type, Properties, stage, path }) => {
      const name = Properties?.[NAMES[Type] ?? ''];
      return name === undefined ? [] : [{ stage, path, name: JSON.stringify(name) }];
    });
    const namesOf = (stage: string) => named.filter((one) => one.stage === stage);
    const taken = new Set(namesOf('dev').map(({ name }) => name));

    expect(namesOf('dev').map(({ path, name }) => `${path} ${name}`)).toEqual([
      'Api/Resource/Resource "runplane-dev"',
      expect.stringMatching(/^Api\/ExecutionLogs\/Resource .*API-Gateway-Execution-Logs_.*\/dev/),
    ]);
    expect(namesOf('prod').filter(({ name }) => taken.has(name))).toEqual([]);
  });

  it('refer to no resource of each other', () => {
    for (const { stageName, templates } of stages) {
      const imported = JSON.stringify(templates.map(({ template }) => template.toJSON())).matchAll(
        /"Fn::ImportValue":"runplane-([a-z]+)-/g,
      );
      expect([...new Set([...imported].map(([, stage]) => stage))]).toEqual([stageName]);
    }
  });
});

describe('functions of every stack', () => {
  const functions = ofType(resources, 'AWS::Lambda::Function');

  it('write to log groups of their own stack, which end', () => {
    const groups = ofType(resources, 'AWS::Logs::LogGroup');

    expect(functions.length).toBeGreaterThan(150);
    for (const { path, Properties } of functions) {
      expect([path, Properties.LoggingConfig]).toEqual([
        path,
        { LogGroup: { Ref: expect.stringMatching(/Logs[0-9A-F]{8}$/) } },
      ]);
    }
    for (const { path, Properties, DeletionPolicy } of groups) {
      expect([path, Properties.RetentionInDays, DeletionPolicy]).toEqual([path, 30, 'Delete']);
    }
  });

  it('are all ours: the CDK has added none, with a log that nobody owns', () => {
    const custom = resources.filter(({ Type }) =>
      /^(Custom::|AWS::CloudFormation::CustomResource)/.test(Type),
    );
    const others = functions.filter(({ Properties }) => Properties.Runtime !== 'nodejs24.x');

    expect(custom.map(({ path }) => path)).toEqual([]);
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});

describe('policies of every stack', () => {
  interface Statement {
    Effect: string;
    Action: string | string[];
  }
  const allowed = resources.flatMap(({ path, Properties }) => {
    const { Statement = [] } = (Properties?.PolicyDocument ?? {}) as { Statement?: Statement[] };
    return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) =>
      [Action].flat().map((action) => ({ path, action })),
    );
  });

  it('name every action that they allow in full', () => {
    expect(allowed.length).toBeGreaterThan(500);
    expect(allowed.filter(({ action }) => action.includes('*'))).toEqual([]);
  });
});

describe('what stays when a stage is destroyed', () => {
  const retained = (part: string): string[] =>
    resources
      .filter((resource) => resource.stage === 'dev' && resource.part === part)
      .filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain') === true)
      .map(({ Type, path }) => `${Type} ${path}`)
      .sort();

  it.each([
    ['storage', ['AWS::DynamoDB::Table Table/Resource/Resource', 'AWS::S3::Bucket Files/Resource/Resource']],
    ['users', ['AWS::Cognito::UserPool Users/Resource/Resource']],
    [
      'runs',
      [
        'AWS::ApiGateway::Account Api/Resource/Account',
        'AWS::IAM::Role Api/Resource/CloudWatchRole/Resource',
      ],
    ],
    ['examples', []],
    ['monitoring', []],
  ])('of %s is what docs/deploy.md says', (part, expected) => {
    expect(retained(part)).toEqual(expected);
  });

  it('is said by the stacks that leave something of users', () => {
    const [dev] = stages;
    const storage = dev?.templates.find(({ part }) => part === 'storage')?.template;

    expect(storage?.toJSON().Description).toBe(
      'Runplane: the table and the files, which stay when this stack is destroyed',
    );
    expect(Object.values(storage?.findOutputs('Retained') ?? {})).toEqual([
      expect.objectContaining({ Description: expect.stringMatching(/^Stay when .*docs\/deploy\.md/) }),
    ]);
  });
});
