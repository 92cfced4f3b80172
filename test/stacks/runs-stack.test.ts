import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { isStreaming, pathsOf } from '../../lib/apis/operation/operation.ts';
import {
  logicalIds,
  pascal,
  type Resource,
  resourcesOf,
  synthesize,
  synthesizeAnew,
  textOf,
} from './synthesize.ts';

const { runs, findings } = synthesize();
const functionIds = logicalIds(runs, 'AWS::Lambda::Function');
const idOf = (name: string): string => functionIds.get(`${name}/Resource`) ?? `no function ${name}`;

describe('the API', () => {
  type Paths = Record<string, Record<string, { 'x-amazon-apigateway-integration': Record<string, unknown> }>>;
  const [api] = resourcesOf(runs, 'AWS::ApiGateway::RestApi').values();
  const { paths } = (api?.Properties.Body ?? { paths: {} }) as { paths: Paths };

  it('is regional, of one resource whatever it has of routes', () => {
    expect(api?.Properties.EndpointConfiguration).toEqual({ Types: ['REGIONAL'] });
    runs.resourceCountIs('AWS::ApiGateway::Method', 0);
    runs.resourceCountIs('AWS::ApiGateway::Resource', 0);
  });

  it.each(operations)('calls the function of $operationId', (op) => {
    for (const path of pathsOf(op)) {
      const integration = paths[path]?.[op.method.toLowerCase()]?.['x-amazon-apigateway-integration'];
      expect(textOf(integration?.uri)).toContain(`["${idOf(pascal(op.operationId))}","Arn"]`);
      expect(textOf(integration?.uri)).toContain(
        isStreaming(op) ? '/response-streaming-invocations' : '/invocations',
      );
      expect(integration?.responseTransferMode).toBe(isStreaming(op) ? 'STREAM' : 'BUFFERED');
    }
  });

  it.each(operations)('may call $operationId by its own routes, with one permission each', (op) => {
    const permissions = Object.values(
      runs.findResources('AWS::Lambda::Permission') as Record<string, Resource>,
    ).filter(({ Properties }) =>
      textOf(Properties.FunctionName).includes(`"${idOf(pascal(op.operationId))}"`),
    );

    expect(permissions).toHaveLength(pathsOf(op).length);
    for (const [index, path] of pathsOf(op).entries()) {
      const { Principal, SourceArn } = permissions[index]?.Properties ?? {};
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(textOf(SourceArn)).toContain(`/test/${op.method}${path.replace(/\{[^}]+\}/g, '*')}"`);
      expect(textOf(SourceArn)).toContain('{"Ref":"Api');
    }
  });

  it('may call a function before a stage has routes to it', () => {
    const [stage] = Object.values(runs.findResources('AWS::ApiGateway::Stage'));
    const permissions = Object.entries(
      runs.findResources('AWS::Lambda::Permission', {
        Properties: { Principal: 'apigateway.amazonaws.com' },
      }),
    );

    expect(permissions).toHaveLength(operations.flatMap(pathsOf).length + 1);
    for (const [id, permission] of permissions) {
      expect(stage?.DependsOn).toContain(id);
      expect(textOf(permission)).not.toContain('DeploymentStage');
    }
  });

  it('is throttled, and logs who was answered what without bodies', () => {
    runs.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'test',
      MethodSettings: [
        Match.objectLike({
          ResourcePath: '/*',
          ThrottlingRateLimit: 200,
          ThrottlingBurstLimit: 400,
          DataTraceEnabled: false,
          LoggingLevel: 'ERROR',
          MetricsEnabled: false,
        }),
      ],
      AccessLogSetting: Match.objectLike({ Format: Match.stringLikeRegexp('requestId') }),
    });
  });

  it('says where it is', () => {
    const outputs = runs.findOutputs('*');
    // The others are what the monitoring stack looks at.
    const said = Object.keys(outputs).filter((name) => !name.startsWith('ExportsOutput'));

    expect(said.sort()).toEqual(['ApiUrl', 'DocsUrl', 'DocumentRunMachine', 'FirstKey']);
    expect(textOf(outputs.DocsUrl?.Value)).toMatch(/\/","?.*docs"\]\]\}$/);
    expect(outputs.FirstKey?.Value).toBe(
      'npx runplane workspace create --stage test --name Acme --email you@example.com',
    );
  });
});

describe('the state machine', () => {
  it('is a Standard one that logs what fails', () => {
    runs.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: Match.objectLike({ Level: 'ERROR' }),
      DefinitionSubstitutions: { ProcessDocument: { 'Fn::GetAtt': [idOf('ProcessDocument'), 'Arn'] } },
    });
  });
});

describe('events', () => {
  const machineOf = (name: string) =>
    logicalIds(runs, 'AWS::StepFunctions::StateMachine').get(`${name}/Resource`);
  const queueOf = (rule: string) => logicalIds(runs, 'AWS::SQS::Queue').get(`${rule}/DeadLetters`);

  it('settle runs of our machines when an execution has ended, and of processes also when it has begun', () => {
    runs.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          $or: [
            {
              status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
              stateMachineArn: [{ Ref: machineOf('DocumentRun') }, { Ref: machineOf('ThreadRun') }],
            },
            { input: [{ prefix: '{"run_id":"' }] },
            { inputDetails: { included: [false] } },
          ],
        },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [idOf('Settle'), 'Arn'] } })],
    });
  });

  it('sweep every minute', () => {
    runs.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [idOf('Sweep'), 'Arn'] } })],
    });
  });

  it.each([
    ['ExecutionEnded', 'Settle'],
    ['EveryMinute', 'Sweep'],
  ])('of %s that are lost on the way or by the step end in one dead-letter queue', (rule, step) => {
    const queue = { 'Fn::GetAtt': [queueOf(rule), 'Arn'] };

    runs.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [idOf(step), 'Arn'] },
          DeadLetterConfig: { Arn: queue },
        }),
      ],
    });
    runs.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: idOf(step) },
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    expect(resourcesOf(runs, 'AWS::SQS::Queue').get(`${rule}/DeadLetters`)?.Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
  });

  it('reach queues over TLS only', () => {
    const policies = [...resourcesOf(runs, 'AWS::SQS::QueuePolicy').values()];

    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(textOf(policy)).toContain('"aws:SecureTransport":"false"');
  });
});

describe('the whole', () => {
  it('breaks no rule of AwsSolutions without a written reason', () => {
    expect(findings).toEqual([]);
  });
});

describe('a change of routes', () => {
  it('is deployed, because it makes another deployment', () => {
    const deploymentOf = (count: number) => {
      const anew = synthesizeAnew({ operations: operations.slice(0, count) });
      return Object.keys(anew.runs.findResources('AWS::ApiGateway::Deployment'));
    };

    expect(deploymentOf(3)).not.toEqual(deploymentOf(4));
    expect(deploymentOf(4)).toEqual(deploymentOf(4));
  });
});

describe('with tracing', () => {
  const traced = synthesize({ tracing: true, operations: operations.slice(0, 2) });

  it('traces functions, the state machine and the stage', () => {
    for (const { Properties } of resourcesOf(traced.runs, 'AWS::Lambda::Function').values()) {
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
    }
    traced.runs.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
    });
    traced.runs.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: true });
    expect(traced.findings).toEqual([]);
  });
});
