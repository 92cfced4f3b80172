import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Excuses a construct from a rule of cdk-nag's AwsSolutions. The reason stands where the resource is made. */
export function acknowledge(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** Excuses a right on all resources whose ARN begins in one way. */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string): void {
  scope.node.addValidation({
    // Only now it is known what a stack calls the resources of another, and cdk-nag comes after this.
    validate: () => {
      acknowledge(scope, `IAM5[Resource::${spell(Stack.of(scope).resolve(arn))}]`, reason);
      return [];
    },
  });
}

/** X-Ray's actions know no resources: AWS documents `*` as the only one. */
export const acknowledgeXray = (scope: IConstruct): void =>
  acknowledge(scope, 'IAM5[Resource::*]', 'X-Ray takes trace segments for no resource in particular');

type Intrinsic =
  | string
  | { 'Fn::Join': [string, Intrinsic[]] }
  | { 'Fn::GetAtt': [string, string] }
  | { 'Fn::ImportValue': string }
  | { Ref: string };

/** CloudFormation's functions as cdk-nag spells them in the names of its findings. */
function spell(value: Intrinsic): string {
  if (typeof value === 'string') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(spell).join(value['Fn::Join'][0]);
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::ImportValue' in value) return value['Fn::ImportValue'];
  return `<${value.Ref}>`;
}
