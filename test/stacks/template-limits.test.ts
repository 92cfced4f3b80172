import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { overLimits } from '../../bin/template-limits.ts';

/** A stack with so many resources, one of which is so long, and as much again in a stack within it. */
function synthesized(count: number, padding = 0): string {
  const app = new App({
    context: { '@aws-cdk/core:stackResourceLimit': 0 },
    builtinCloudFormationValidation: false,
  });
  const around = new Stack(app, 'runplane-test-runs');
  for (const stack of [around, new NestedStack(around, 'Within')])
    for (let at = 0; at < count; at += 1)
      new CfnResource(stack, `R${at}`, {
        type: 'AWS::CloudFormation::WaitConditionHandle',
        properties: at === 0 ? { Padding: 'x'.repeat(padding) } : {},
      });
  return app.synth().directory;
}

describe('what CloudFormation would refuse', () => {
  it('is nothing of a stack that is within its limits', () => {
    // The stack within is one of the resources of the stack around it.
    expect(overLimits(synthesized(499))).toEqual([]);
  });

  it('are resources beyond five hundred, also of a stack within a stack', () => {
    expect(overLimits(synthesized(501))).toEqual([
      'The stack runplane-test-runs would have 502 resources, of which CloudFormation takes 500.',
      expect.stringMatching(
        /^The stack runplanetestrunsWithin\w+ would have 501 resources, of which CloudFormation takes 500\.$/,
      ),
    ]);
  });

  it('is a template of more than a million bytes', () => {
    expect(overLimits(synthesized(1, 990_000))).toEqual([]);
    expect(overLimits(synthesized(1, 1_000_000))).toEqual([
      expect.stringMatching(/^The template of runplane-test-runs would have 1\d{6} bytes, of which/),
      expect.stringMatching(/^The template of runplanetestrunsWithin\w+ would have 1\d{6} bytes, of which/),
    ]);
  });
});
