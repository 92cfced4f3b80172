import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { TokenIssuer } from '../constructs/token-issuer.ts';
import { PlatformUserPool } from '../constructs/user-pool.ts';

/** Who may sign in. It stands apart because users, like data, outlive what answers them. */
export class UsersStack extends Stack {
  /** Whose tokens are good, by reference: a stack that uses it is deployed after this one. */
  readonly tokens: TokenIssuer;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const { resource, client, tokens } = new PlatformUserPool(this, 'Users');
    this.tokens = tokens;
    new CfnOutput(this, 'UserPoolId', { value: resource.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: client.userPoolClientId });
    new CfnOutput(this, 'TokenIssuer', { value: tokens.issuer });
  }
}
