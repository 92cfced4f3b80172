import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textOf } from './synthesize.ts';
import { ofType, synthesizeAll } from './whole-stage.ts';

/**
 * Every edge over which something is called without anybody waiting for it. What is lost on one has to be
 * found somewhere: in a queue, or by who looks after runs.
 */
const { resources, stages } = synthesizeAll(['test'], { alarmEmail: 'ops@example.com', cognito: true });
const idsOf = (type: string): string[] =>
  stages.flatMap(({ templates }) =>
    templates.flatMap(({ template }) => Object.keys(template.findResources(type))),
  );
const queues = idsOf('AWS::SQS::Queue');
const toQueue = { 'Fn::GetAtt': [expect.toSatisfy((id: string) => queues.includes(id)), 'Arn'] };

describe('asynchronous edges', () => {
  it('are of the kinds below, and no other', () => {
    const kinds = new Set(
      resources
        .map(({ Type }) => Type)
        .filter((type) =>
          /Event|Subscription|Schedule|Pipe|Notification|Queue$|StateMachine|Destination|Stream/.test(type),
        ),
    );

    expect([...kinds].sort()).toEqual([
      'AWS::Events::Rule',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::SNS::Subscription',
      'AWS::SQS::Queue',
      'AWS::StepFunctions::StateMachine',
    ]);
    expect(textOf(resources)).not.toContain('NotificationConfiguration');
    expect(textOf(resources)).not.toContain('StreamSpecification');
  });

  it('from a rule to a function end in a queue when the rule cannot deliver, or the function fails', () => {
    const targets = ofType(resources, 'AWS::Events::Rule').flatMap(
      ({ Properties }) => Properties.Targets as { Arn: { 'Fn::GetAtt': [string, 'Arn'] } }[],
    );
    const configured = ofType(resources, 'AWS::Lambda::EventInvokeConfig').map(
      ({ Properties }) => Properties,
    );

    expect(targets).toHaveLength(2);
    for (const target of targets) {
      expect(target).toMatchObject({ DeadLetterConfig: { Arn: toQueue } });
      const [called] = target.Arn['Fn::GetAtt'];
      expect(configured.find(({ FunctionName }) => textOf(FunctionName).includes(called))).toMatchObject({
        DestinationConfig: { OnFailure: { Destination: toQueue } },
      });
    }
  });

  it('from the alarms to a mail box end in a queue when it cannot be reached', () => {
    const subscriptions = ofType(resources, 'AWS::SNS::Subscription').map(({ Properties }) => Properties);

    expect(subscriptions).toEqual([
      expect.objectContaining({
        Protocol: 'email',
        Endpoint: 'ops@example.com',
        RedrivePolicy: { deadLetterTargetArn: toQueue },
      }),
    ]);
  });

  it('from a machine that nobody waits for end in the rule that settles runs, however they end', () => {
    const machines = ofType(resources, 'AWS::StepFunctions::StateMachine');
    const pattern = textOf(
      ofType(resources, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern),
    );
    const unwaited = machines.filter(
      ({ part, Properties }) => part === 'runs' && Properties.StateMachineType === 'STANDARD',
    );

    expect(unwaited.map(({ path }) => path).sort()).toEqual([
      'DocumentRun/Resource/Resource',
      'ThreadRun/Resource/Resource',
    ]);
    for (const { path } of unwaited) expect(pattern).toContain(`"Ref":"${path.split('/')[0]}`);
    for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED']) expect(pattern).toContain(status);
    // Those of the examples are processes: they are settled by what runs start them with.
    expect(pattern).toContain('run_id');
  });

  it.each(
    readdirSync('lib/machines', { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.asl.json')),
  )('in %s are tried again when a function cannot be called', (file) => {
    interface State {
      Type: string;
      Retry?: { ErrorEquals: string[] }[];
      TimeoutSeconds?: number;
      Branches?: Machine[];
      ItemProcessor?: Machine;
      Iterator?: Machine;
    }
    interface Machine {
      States: Record<string, State>;
    }
    const within = ({ States }: Machine): [string, State][] =>
      Object.entries(States).flatMap(([name, state]) => [
        [name, state] as [string, State],
        ...[...(state.Branches ?? []), state.ItemProcessor, state.Iterator].flatMap((inner) =>
          inner === undefined ? [] : within(inner),
        ),
      ]);
    const tasks = within(JSON.parse(readFileSync(`lib/machines/${file}`, 'utf8'))).filter(
      ([, { Type }]) => Type === 'Task',
    );

    expect(tasks.length).toBeGreaterThan(0);
    for (const [name, { Retry = [], TimeoutSeconds }] of tasks) {
      const tried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([name, tried]).toEqual([name, expect.arrayContaining(['Lambda.TooManyRequestsException'])]);
      expect([name, TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    }
  });

  it.each(['document-run', 'thread-run'])('of %s wait until Lambda has a place again', (name) => {
    interface Retrier {
      ErrorEquals: string[];
      IntervalSeconds: number;
      MaxAttempts: number;
      BackoffRate: number;
      MaxDelaySeconds: number;
    }
    const { States } = JSON.parse(readFileSync(`lib/machines/${name}.asl.json`, 'utf8')) as {
      States: Record<string, { Retry: Retrier[] }>;
    };
    const [{ Retry = [] } = {}] = Object.values(States);
    const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'));
    const { IntervalSeconds = 0, MaxAttempts = 0, BackoffRate = 0, MaxDelaySeconds = 0 } = retrier ?? {};
    const most = Array.from({ length: MaxAttempts }, (_, no) =>
      Math.min(IntervalSeconds * BackoffRate ** no, MaxDelaySeconds),
    );

    // What is tried often for other faults must not be tried as often as this.
    expect(retrier?.ErrorEquals).toHaveLength(1);
    // With full jitter the mean is the half of it.
    expect(most.reduce((sum, seconds) => sum + seconds, 0) / 2).toBeGreaterThan(500);
  });
});
