import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  listOf,
  logicalIds,
  resourcesOf,
  statementsOf,
  synthesize,
  textOf,
} from './synthesize.ts';

const { examples, findings } = synthesize();
const functionIds = logicalIds(examples, 'AWS::Lambda::Function');
const statements = statementsOf(examples);

describe('the example processes', () => {
  it.each([
    ['InvoiceTotals', ['TotalInvoice']],
    ['OrderReview', ['LoadOrder', 'CheckLine', 'DecideOrder']],
  ])(
    '%s is a Standard machine that may be started as a process, and may call its own tasks only',
    (name, tasks) => {
      const machine = resourcesOf(examples, 'AWS::StepFunctions::StateMachine').get(`${name}/Resource`);
      const called = statements
        .get(name)
        ?.filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'))
        .flatMap(({ Resource }) => listOf(Resource));

      expect(machine?.Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        Tags: expect.arrayContaining([{ Key: 'runplane:process', Value: 'true' }]),
      });
      expect(called?.map(textOf).sort()).toEqual(
        tasks.map((task) => textOf({ 'Fn::GetAtt': [functionIds.get(`${task}/Resource`), 'Arn'] })).sort(),
      );
    },
  );

  it('say by which ARN they are registered', () => {
    expect(Object.keys(examples.findOutputs('*')).sort()).toEqual(
      expect.arrayContaining(['InvoiceTotalsArn', 'OrderReviewArn']),
    );
  });

  it('read files and nothing else of the platform', () => {
    const rights = ['TotalInvoice', 'LoadOrder', 'CheckLine', 'DecideOrder'].map((name) => [
      name,
      actionsOf(statements.get(name)).filter((action) => !action.startsWith('logs:')),
    ]);

    expect(Object.fromEntries(rights)).toEqual({
      TotalInvoice: ['s3:GetObject', 's3:ListBucket'],
      LoadOrder: ['s3:GetObject', 's3:ListBucket'],
      CheckLine: [],
      DecideOrder: [],
    });
  });

  it('have functions of a size of their own', () => {
    examples.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1769, Timeout: 900 });
    examples.allResourcesProperties('AWS::Lambda::Function', Match.objectLike({ Runtime: 'nodejs24.x' }));
  });

  it('break no rule of AwsSolutions without a written reason', () => {
    expect(findings).toEqual([]);
  });
});
