import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { addPlatformStage } from '../../lib/stacks/platform-stage.ts';
import { UsersStack } from '../../lib/stacks/users-stack.ts';
import { pascal, resourcesOf, synthesize, textOf } from './synthesize.ts';

const TOKENS = { issuer: 'https://tenant.example/', audience: 'api' };
const { runs, findings } = synthesize({ cognito: true });
const users = Template.fromStack(new UsersStack(new App(), 'users'));

const stacksOf = (cognito?: boolean): string[] => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const rest = { operations: operations.slice(0, 1), corsOrigins: [], tracing: false };
  addPlatformStage(app, { stageName: 'test', cognito, ...rest });
  return app.node.children.filter((child) => child instanceof UsersStack).map(({ node }) => node.id);
};

describe('the user pool', () => {
  it('is there when it is asked for, and only then', () => {
    expect(stacksOf()).toEqual([]);
    expect(stacksOf(false)).toEqual([]);
    expect(stacksOf(true)).toEqual(['runplane-test-users']);
    expect(textOf(synthesize().runs.toJSON())).not.toMatch(/cognito|RUNPLANE_TOKEN/i);
  });

  it('does not go together with another provider', () => {
    expect(() => synthesize({ cognito: true, tokens: TOKENS })).toThrow(
      /^cognito=true brings an identity provider of its own, so leave out tokenIssuer$/,
    );
  });

  it('outlives its stack, and cannot be deleted by mistake', () => {
    users.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({ DeletionProtection: 'ACTIVE' }),
    });
  });

  it('knows whom an administrator has added, by strong passwords and a second factor if they like', () => {
    users.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      Policies: {
        PasswordPolicy: Match.objectLike({
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
        }),
      },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });

  it('has nothing that costs extra: no text messages, and no plan above the lowest', () => {
    users.hasResourceProperties('AWS::Cognito::UserPool', {
      UserPoolTier: 'LITE',
      UserPoolAddOns: Match.absent(),
      SmsConfiguration: Match.absent(),
    });
    users.resourceCountIs('AWS::IAM::Role', 0);
  });

  it('is signed in to by SRP, with a client that has no secret and tells nobody who exists', () => {
    users.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlows: Match.absent(),
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    });
  });

  it('says what a page needs to sign somebody in', () => {
    expect(Object.keys(users.findOutputs('*')).sort()).toEqual([
      'TokenIssuer',
      'UserPoolClientId',
      'UserPoolId',
    ]);
  });

  it('breaks no rule of AwsSolutions without a written reason', () => {
    expect(findings).toEqual([]);
  });
});

describe('functions that take tokens', () => {
  const imported = (resource: 'UsersClient' | 'Users') => ({
    'Fn::ImportValue': expect.stringMatching(`^runplane-test-users:ExportsOutputRef${resource}[0-9A-F]+$`),
  });
  const told = new Map(
    [...resourcesOf(runs, 'AWS::Lambda::Function')].flatMap(([path, { Properties }]) => {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      const tokens = Object.entries(Variables).filter(([name]) => name.startsWith('RUNPLANE_TOKEN'));
      return tokens.length === 0 ? [] : [[path.split('/')[0] ?? path, Object.fromEntries(tokens)]];
    }),
  );
  const takers = operations.filter(({ acceptsTokens }) => acceptsTokens === true);

  it('are told of the pool, and no others are', () => {
    expect([...told.keys()].sort()).toEqual(takers.map(({ operationId }) => pascal(operationId)).sort());
  });

  it.each(takers)('refer to the pool and its client: $operationId', ({ operationId }) => {
    expect(told.get(pascal(operationId))).toEqual({
      RUNPLANE_TOKEN_ISSUER: {
        'Fn::Join': [
          '',
          ['https://cognito-idp.', { Ref: 'AWS::Region' }, '.amazonaws.com/', imported('Users')],
        ],
      },
      RUNPLANE_TOKEN_AUDIENCE: imported('UsersClient'),
    });
  });
});
