import { describe, expect, it } from 'vitest';
import { whatFailed } from './cdk.ts';

const event = (status: string, rest: string): string => `a-stack | 8/160 | 5:18:01 AM | ${status}  | ${rest}`;

describe('what the CDK says when it fails', () => {
  it('is which resources did and why, each once, and neither the others nor where they were written', () => {
    const said = [
      event('CREATE_FAILED', 'AWS::IAM::Policy | Other (OtherPolicy) Resource creation cancelled'),
      event('CREATE_FAILED', 'AWS::Lambda::Function | One (OneFunction) It cannot assume the role'),
      event('ROLLBACK_COMPLETE', 'AWS::CloudFormation::Stack | a-stack'),
      event('CREATE_FAILED', 'AWS::Lambda::Function | One (OneFunction) It cannot assume the role'),
      'Source Location: new Function2 in aws-cdk-lib',
    ].join('\n');

    expect(whatFailed(said)).toBe('AWS::Lambda::Function | One (OneFunction) It cannot assume the role');
  });

  it('is all of it where no resource failed', () => {
    expect(whatFailed('The stack is protected.')).toBe('The stack is protected.');
  });
});
