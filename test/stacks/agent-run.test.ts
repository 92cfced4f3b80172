import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { needsOfOperation, platformParts } from '../../lib/constructs/functions/needs.ts';
import { actionsOf, listOf, logicalIds, pascal, statementsOf, synthesize, textOf } from './synthesize.ts';

const { runs, findings } = synthesize();
const statements = statementsOf(runs);
const functionIds = logicalIds(runs, 'AWS::Lambda::Function');
const idOf = (name: string): string => functionIds.get(`${name}/Resource`) ?? `no function ${name}`;
const machine = logicalIds(runs, 'AWS::StepFunctions::StateMachine').get('AgentRun/Resource');

const rightsTo = (action: string) =>
  [...statements].flatMap(([name, given]) =>
    given
      .filter(({ Action }) => listOf(Action).includes(action))
      .map(({ Resource }) => ({ name, resources: listOf(Resource as string | string[]) })),
  );
const answering = operations
  .filter((op) => platformParts(needsOfOperation(op)).models)
  .map(({ operationId }) => pascal(operationId));

describe('the machine of agent runs', () => {
  it('is an Express one whose log has nothing of what is said', () => {
    runs.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: Match.objectLike({ Level: 'ERROR', IncludeExecutionData: false }),
      DefinitionSubstitutions: { RunAgent: { 'Fn::GetAtt': [idOf('RunAgentStep'), 'Arn'] } },
    });
  });

  it('is started by the operation that waits for it, and by nobody else', () => {
    expect(rightsTo('states:StartSyncExecution')).toEqual([
      { name: 'RunAgent', resources: [{ Ref: machine }] },
    ]);
    expect(actionsOf(statements.get('RunAgent'))).not.toContain('states:StartExecution');
  });

  it('is known to the operation by its ARN', () => {
    runs.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          RUNPLANE_AGENT_MACHINE: { Ref: machine },
          RUNPLANE_SECRETS: '/runplane/test',
        }),
      },
    });
  });
});

describe('models', () => {
  it.each(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'ssm:GetParameter'])(
    '%s is for functions that answer',
    (action) => {
      const names = rightsTo(action).map(({ name }) => name);

      expect(names).toEqual(expect.arrayContaining([...answering, 'RunAgentStep']));
      expect(names).not.toEqual(expect.arrayContaining(['ListAgentRuns']));
      expect(names).not.toEqual(expect.arrayContaining(['PutProvider']));
    },
  );

  it('are Bedrock models and inference profiles, and no other resource of Bedrock', () => {
    for (const { resources } of rightsTo('bedrock:InvokeModel')) {
      expect(resources.map((arn) => /:bedrock:\*:.*[:/"]([a-z-]+)\/\*"/.exec(textOf(arn))?.[1])).toEqual([
        'application-inference-profile',
        'inference-profile',
        'foundation-model',
      ]);
    }
  });

  it('have their secrets below the path of the stage', () => {
    for (const { resources } of rightsTo('ssm:GetParameter')) {
      expect(resources).toHaveLength(1);
      expect(textOf(resources[0])).toMatch(/:parameter\/runplane\/test\/\*"/);
    }
  });

  it('are excused to cdk-nag by name', () => {
    expect(findings).toEqual([]);
  });
});
