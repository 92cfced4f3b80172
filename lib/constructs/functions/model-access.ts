import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { PlatformFunction } from './platform-function.ts';

/** Below which path of Parameter Store the secrets of a stage's workspaces stand. */
export const secretsPath = (stageName: string): string => `/runplane/${stageName}`;

/** Lets a function call models on Bedrock and read the secrets of other providers, of this stage only. */
export function grantModels(grantee: PlatformFunction, stageName: string): void {
  const stack = Stack.of(grantee);
  const inEveryRegion = (account: string, resource: string): string =>
    stack.formatArn({ service: 'bedrock', region: '*', account, resource, resourceName: '*' });
  const models = [
    inEveryRegion('', 'foundation-model'),
    inEveryRegion(stack.account, 'inference-profile'),
    inEveryRegion(stack.account, 'application-inference-profile'),
  ];
  Grant.addToPrincipal({
    grantee,
    actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    resourceArns: models,
  });
  for (const arn of models) {
    acknowledgeWildcard(
      grantee,
      arn,
      'Agents name their model and its region, and an inference profile answers from several regions',
    );
  }
  const secrets = stack.formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: `${secretsPath(stageName).slice(1)}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameter'], resourceArns: [secrets] });
  acknowledgeWildcard(grantee, secrets, 'Workspaces, and the names of their secrets, are made at run time');
}
