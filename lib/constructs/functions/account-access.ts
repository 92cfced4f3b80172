import { Grant } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from '../acknowledge.ts';
import type { PlatformFunction } from './platform-function.ts';

/** Lets a function read how many functions the account may run at once. */
export function grantAccountSettings(grantee: PlatformFunction): void {
  Grant.addToPrincipal({ grantee, actions: ['lambda:GetAccountSettings'], resourceArns: ['*'] });
  acknowledge(
    grantee,
    'IAM5[Resource::*]',
    'The settings are those of the account: the action knows no resource',
  );
}
