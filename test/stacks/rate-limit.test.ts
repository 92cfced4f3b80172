import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { logicalIds, resourcesOf, synthesize, textOf } from './synthesize.ts';

const limited = synthesize({ wafRate: 2000, operations: operations.slice(0, 2) });
const unlimited = synthesize({ operations: operations.slice(0, 2) });

function propertiesOf(type: string): Record<string, unknown> {
  const [resource] = resourcesOf(limited.runs, type).values();
  if (resource === undefined) throw new Error(`There is no ${type}`);
  return resource.Properties;
}

describe('a limit by address', () => {
  it('is there when it is asked for, and only then', () => {
    limited.runs.resourceCountIs('AWS::WAFv2::WebACL', 1);
    limited.runs.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    unlimited.runs.resourceCountIs('AWS::WAFv2::WebACL', 0);
    unlimited.runs.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });

  it('lets everything through but what one address asks too often, and answers that as the API would', () => {
    const { CustomResponseBodies, Rules, ...rest } = propertiesOf('AWS::WAFv2::WebACL') as {
      CustomResponseBodies: Record<string, { Content: string; ContentType: string }>;
      Rules: object[];
    };

    expect(rest).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(Rules).toEqual([
      expect.objectContaining({
        Statement: {
          RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 2000 },
        },
        Action: {
          Block: {
            CustomResponse: {
              ResponseCode: 429,
              CustomResponseBodyKey: 'TooManyRequests',
              ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
            },
          },
        },
      }),
    ]);
    const { ContentType, Content } = CustomResponseBodies.TooManyRequests ?? {
      ContentType: '',
      Content: '{}',
    };
    expect(ContentType).toBe('APPLICATION_JSON');
    expect(JSON.parse(Content)).toMatchObject({ type: 'rate_limited', status: 429 });
  });

  it('keeps no request: they have keys in their headers', () => {
    expect(textOf(limited.runs.toJSON())).not.toContain('"SampledRequestsEnabled":true');
  });

  it('stands before the stage of the API', () => {
    const api = logicalIds(limited.runs, 'AWS::ApiGateway::RestApi').get('Api/Resource');
    const stage = logicalIds(limited.runs, 'AWS::ApiGateway::Stage').get('Api/Resource/DeploymentStage.test');
    const { ResourceArn } = propertiesOf('AWS::WAFv2::WebACLAssociation') as {
      ResourceArn: { 'Fn::Join': [string, unknown[]] };
    };

    expect(ResourceArn['Fn::Join'][1]).toEqual([
      'arn:',
      { Ref: 'AWS::Partition' },
      ':apigateway:',
      { Ref: 'AWS::Region' },
      '::/restapis/',
      { Ref: api },
      '/stages/',
      { Ref: stage },
    ]);
  });

  it('is what AwsSolutions asks for; without it there is a reason', () => {
    expect(limited.findings).toEqual([]);
    expect(unlimited.findings).toEqual([]);
  });
});
