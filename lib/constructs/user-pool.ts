import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRecovery, FeaturePlan, Mfa, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Who may sign in, for whom no other identity provider is at hand. Whom it knows, an administrator has added. */
export class PlatformUserPool extends Construct {
  readonly resource: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.resource = new UserPool(this, 'Resource', {
      // Membership of a workspace hangs on `sub`, and a user who is created again gets another one.
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      selfSignUpEnabled: false,
      // Neither can be changed later. One address in two spellings would otherwise be two users.
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      // Until the new address is confirmed, the old one signs in: a typing error locks nobody out.
      keepOriginal: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.OPTIONAL,
      // Text messages cost by the message, and can be had by whoever gets hold of the number.
      mfaSecondFactor: { sms: false, otp: true },
      // Has all that is used here, at the lowest price of the plans; another can be chosen at any time.
      featurePlan: FeaturePlan.LITE,
    });
    this.client = this.resource.addClient('Client', {
      generateSecret: false, // a page in a browser could not keep it
      authFlows: { userSrp: true }, // the password itself is never sent
      disableOAuth: true, // there is no hosted page, so nothing to redirect to
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
    });
    acknowledge(
      this,
      'COG2',
      'A second factor is each user’s choice: required, it would shut out scripts that sign in as a user',
    );
    acknowledge(this, 'COG8', 'The Plus plan is charged by the user; a pool that is optional starts without');
  }

  /** Its ID tokens: those name the client in `aud`. Access tokens have no `aud`, and are not accepted. */
  get tokens(): TokenIssuer {
    const { region } = Stack.of(this);
    return {
      issuer: `https://cognito-idp.${region}.amazonaws.com/${this.resource.userPoolId}`,
      audience: this.client.userPoolClientId,
    };
  }
}
