import { describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { isStreaming } from '../../lib/apis/operation/operation.ts';
import { needsOfOperation } from '../../lib/constructs/functions/needs.ts';
import {
  actionsOf,
  listOf,
  logicalIds,
  pascal,
  resourcesOf,
  statementsOf,
  synthesize,
  textOf,
} from './synthesize.ts';

const { runs } = synthesize();
const functions = resourcesOf(runs, 'AWS::Lambda::Function');
const functionIds = logicalIds(runs, 'AWS::Lambda::Function');
const statements = statementsOf(runs);
const STEPS = ['AnswerThread', 'ProcessDocument', 'RunAgentStep', 'Settle', 'Sweep'];
const ALL = [...operations.map(({ operationId }) => pascal(operationId)), 'Fallback', ...STEPS].sort();

/** Names of the functions that have any of the actions, sorted. */
const whoMay = (...actions: string[]): string[] =>
  [...statements]
    .filter(([, granted]) => actionsOf(granted).some((action) => actions.includes(action)))
    .map(([name]) => name)
    .sort();

const idOf = (name: string): string => functionIds.get(`${name}/Resource`) ?? `no function ${name}`;
const propertiesOf = (name: string) => functions.get(`${name}/Resource`)?.Properties;

describe('functions', () => {
  it('are one per operation, the steps and the fallback', () => {
    expect([...functions.keys()].sort()).toEqual(ALL.map((name) => `${name}/Resource`));
  });

  it.each(ALL)('%s runs Node 24 on arm64 and logs to a group of its own that ends', (name) => {
    expect(propertiesOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogGroup: { Ref: logicalIds(runs, 'AWS::Logs::LogGroup').get(`${name}/Logs`) } },
    });
    expect(resourcesOf(runs, 'AWS::Logs::LogGroup').get(`${name}/Logs`)).toMatchObject({
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
    });
  });

  it.each(operations)('AWS allows 29 s an answer: $operationId has the time of its kind', (op) => {
    expect(propertiesOf(pascal(op.operationId))?.Timeout).toBe(isStreaming(op) ? 900 : 29);
  });

  it('are given the names that their platform reads, and no others', () => {
    const given = operations.map(({ operationId }) => {
      const environment = propertiesOf(pascal(operationId))?.Environment;
      const { Variables } = (environment ?? { Variables: {} }) as { Variables: object };
      return [operationId, Object.keys(Variables).sort()];
    });
    const full = [
      'RUNPLANE_BUCKET',
      'RUNPLANE_DOCUMENT_MACHINE',
      'RUNPLANE_STAGE',
      'RUNPLANE_TABLE',
      'RUNPLANE_THREAD_MACHINE',
    ];
    const executor = full.filter((name) => name !== 'RUNPLANE_BUCKET');
    const names = {
      corePlatform: ['RUNPLANE_STAGE', 'RUNPLANE_TABLE'],
      referencePlatform: ['RUNPLANE_STAGE', 'RUNPLANE_TABLE'],
      filesPlatform: ['RUNPLANE_BUCKET', 'RUNPLANE_STAGE', 'RUNPLANE_TABLE'],
      executorPlatform: executor,
      registeringPlatform: executor,
      modelPlatform: ['RUNPLANE_BUCKET', 'RUNPLANE_SECRETS', 'RUNPLANE_STAGE', 'RUNPLANE_TABLE'],
      answeringPlatform: [
        'RUNPLANE_AGENT_MACHINE',
        'RUNPLANE_BUCKET',
        'RUNPLANE_SECRETS',
        'RUNPLANE_STAGE',
        'RUNPLANE_TABLE',
      ],
      fullPlatform: full,
      processPlatform: full,
      caretakingPlatform: full,
    };

    expect(given).toEqual(operations.map((op) => [op.operationId, names[needsOfOperation(op).binds]]));
  });
});

describe('tokens', () => {
  const issuer = { issuer: 'https://tenant.example/', audience: 'api', organizationClaim: 'org_id' };
  const told = (tokens?: typeof issuer): string[] =>
    [...resourcesOf(synthesize({ tokens }).runs, 'AWS::Lambda::Function')]
      .filter(([, { Properties }]) => textOf(Properties.Environment).includes('RUNPLANE_TOKEN_ISSUER'))
      .map(([path]) => path.split('/')[0] ?? path)
      .sort();

  it('of a configured provider are known to the operations that take them, and to no other function', () => {
    const takers = operations.filter(({ acceptsTokens }) => acceptsTokens === true);

    expect(told(issuer)).toEqual(takers.map(({ operationId }) => pascal(operationId)).sort());
    expect(told()).toEqual([]);
  });

  it('cannot be taken without an audience', () => {
    expect(() => synthesize({ tokens: { ...issuer, audience: '' } })).toThrow(/tokenAudience/);
  });
});

describe('rights', () => {
  it('to write items are not given to operations that read', () => {
    const readers = operations
      .filter(({ method }) => method === 'GET')
      .map(({ operationId }) => pascal(operationId));
    const writers = whoMay('dynamodb:PutItem', 'dynamodb:DeleteItem', 's3:PutObject', 's3:DeleteObject');

    // They write where a form is kept for a day and where the places of streams are, and nowhere else: see below.
    expect(writers.filter((name) => readers.includes(name))).toEqual([
      'DownloadRunOutput',
      'StreamRunEvents',
    ]);
    expect(writers).toEqual(
      expect.arrayContaining(['CreateRun', 'CancelRun', 'ProcessDocument', 'Settle', 'Sweep']),
    );
  });

  it('to write temporary files alone are given to the one who keeps converted outputs', () => {
    const writes = statements
      .get('DownloadRunOutput')
      ?.filter(({ Action }) => /s3:(Put|Delete)|dynamodb:(Put|Delete|Update)/.test(textOf(Action)));

    expect(writes?.map(({ Action }) => listOf(Action))).toEqual([['s3:PutObject']]);
    expect(textOf(writes?.[0]?.Resource)).toMatch(/\/temporary\/\*/);
  });

  it('to write the places of streams alone are given to the one who opens streams', () => {
    const inPart = [...statements].flatMap(([name, given]) =>
      given
        .filter(({ Action, Condition }) => textOf(Action).includes('dynamodb:') && Condition !== undefined)
        .map(({ Action, Condition }) => [name, listOf(Action).toSorted(), Condition]),
    );
    const writes = statements
      .get('StreamRunEvents')
      ?.filter(({ Action }) => /PutItem|DeleteItem|UpdateItem/.test(textOf(Action)));

    expect(inPart).toEqual([
      [
        'StreamRunEvents',
        ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
        { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['STREAMS#EVENTS'] } },
      ],
    ]);
    expect(writes).toHaveLength(1);
  });

  it('to read how many functions the account may run are given to the sweeper', () => {
    expect(whoMay('lambda:GetAccountSettings')).toEqual(['Sweep']);
  });

  it('on executions are given to those who start, stop or look after them', () => {
    const starters = operations.filter((op) => needsOfOperation(op).executions.includes('start'));
    const stoppers = operations.filter((op) => needsOfOperation(op).executions.includes('stop'));

    expect(whoMay('states:StartExecution')).toEqual(
      [...starters.map(({ operationId }) => pascal(operationId)), 'Sweep'].sort(),
    );
    expect(whoMay('states:StopExecution')).toEqual(
      [...stoppers.map(({ operationId }) => pascal(operationId)), 'Sweep'].sort(),
    );
    // Whoever stops one looks whether it has ended by itself.
    expect(whoMay('states:DescribeExecution')).toEqual(
      [...stoppers.map(({ operationId }) => pascal(operationId)), 'Settle', 'Sweep'].sort(),
    );
    expect(whoMay('states:DescribeStateMachine')).toEqual(['RegisterProcess', 'StartProcessRun', 'Sweep']);
    expect(whoMay('states:ListTagsForResource')).toEqual(['RegisterProcess']);
    expect(starters.map(({ operationId }) => operationId)).not.toContain('getRun');
  });

  it('on executions end at our own machines, or at those that carry the tag of processes', () => {
    const machine = [...logicalIds(runs, 'AWS::StepFunctions::StateMachine').values()];
    const tagged = { StringLike: { 'aws:ResourceTag/runplane:process': '*' } };
    for (const granted of statements.values()) {
      for (const { Action, Resource, Condition } of granted) {
        if (!listOf(Action).some((action) => action.startsWith('states:'))) continue;
        if (Condition !== undefined) {
          expect(Condition).toEqual(tagged);
          expect(textOf(Resource)).toMatch(/:states:.*:(stateMachine:\*|execution:\*:\*)"\]\]\}$/);
          continue;
        }
        for (const resource of listOf(Resource)) {
          expect(machine.some((id) => textOf(resource).includes(`"${id}"`))).toBe(true);
        }
      }
    }
  });

  it('on processes are given to those who start, stop or look after them, and on our machines to others', () => {
    const on = (isTagged: boolean) =>
      [...statements]
        .filter(([, granted]) =>
          granted.some(
            ({ Action, Condition }) =>
              listOf(Action).some((action) => action.startsWith('states:')) &&
              (Condition !== undefined) === isTagged,
          ),
        )
        .map(([name]) => name)
        .sort();

    expect(on(true)).toEqual(['CancelProcessRun', 'RegisterProcess', 'Settle', 'StartProcessRun', 'Sweep']);
    expect(on(false)).not.toEqual(expect.arrayContaining(['StartProcessRun']));
    expect(on(false)).toEqual(expect.arrayContaining(['CancelRun', 'CreateRun', 'Sweep']));
  });

  it('to call a worker are given to its state machine alone', () => {
    const granted = [...statements].flatMap(([name, given]) =>
      given
        .filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'))
        .map(({ Resource }) => [name, Resource]),
    );

    expect(granted.toSorted()).toEqual([
      ['AgentRun', { 'Fn::GetAtt': [idOf('RunAgentStep'), 'Arn'] }],
      ['DocumentRun', { 'Fn::GetAtt': [idOf('ProcessDocument'), 'Arn'] }],
      ['ThreadRun', { 'Fn::GetAtt': [idOf('AnswerThread'), 'Arn'] }],
    ]);
  });

  it('name every action in full', () => {
    const wild = [...statements.values()].flatMap(actionsOf).filter((action) => action.includes('*'));

    expect(wild).toEqual([]);
  });

  it('hold for all resources only where AWS knows no narrower ones', () => {
    const everywhere = [...statements].flatMap(([name, given]) =>
      given
        .filter(({ Resource }) => listOf(Resource).includes('*'))
        .flatMap(({ Action }) => listOf(Action).map((action) => `${name} ${action}`)),
    );

    const deliveries = (machine: string) =>
      [
        'CreateLogDelivery',
        'DeleteLogDelivery',
        'DescribeLogGroups',
        'DescribeResourcePolicies',
        'GetLogDelivery',
        'ListLogDeliveries',
        'PutResourcePolicy',
        'UpdateLogDelivery',
      ].map((action) => `${machine} logs:${action}`);

    const machines = ['AgentRun', 'DocumentRun', 'ThreadRun'];
    const known = [...machines.flatMap(deliveries), 'Sweep lambda:GetAccountSettings'];
    expect(everywhere.toSorted()).toEqual(known.toSorted());
  });

  it('on objects of a presigned form end at the temporary ones', () => {
    const put = statements.get('CreateUpload')?.find(({ Action }) => listOf(Action).includes('s3:PutObject'));

    expect(textOf(put?.Resource)).toMatch(/"\/temporary\/\*"\]\]\}$/);
    const form = statements.get('CreateFile')?.find(({ Action }) => listOf(Action).includes('s3:PutObject'));
    expect(textOf(form?.Resource)).toBe(textOf(put?.Resource));
  });

  it('on the index of open runs are given to the sweeper', () => {
    const queried = [...statements].filter(([, given]) => textOf(given).includes('/index/'));

    expect(queried.map(([name]) => name)).toContain('Sweep');
    for (const [, given] of queried) expect(textOf(given)).not.toContain('/index/*');
  });

  it('of the fallback come to writing its log', () => {
    expect(actionsOf(statements.get('Fallback'))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });
});
