import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { PlatformFunction } from '../functions/platform-function.ts';

export interface StepRuleProps {
  readonly step: PlatformFunction;
  readonly when: { readonly schedule: Schedule } | { readonly eventPattern: EventPattern };
  /** Tries after the first, of EventBridge to reach Lambda and of Lambda to run the step. */
  readonly retryAttempts: number;
  readonly maxEventAge: Duration;
}

/**
 * Calls a step when something happens. An event gets lost in one of two places, on its way to Lambda or in
 * a step that throws, and ends up in the same dead-letter queue from both.
 */
export class StepRule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { step, when, retryAttempts, maxEventAge }: StepRuleProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      this.deadLetters,
      'SQS3',
      'It is a dead-letter queue: of a rule and of asynchronous calls, where the check does not look',
    );
    const delivery = { retryAttempts, maxEventAge };
    step.resource.configureAsyncInvoke({ ...delivery, onFailure: new SqsDestination(this.deadLetters) });
    new Rule(this, 'Resource', {
      ...when,
      targets: [new LambdaFunction(step.resource, { ...delivery, deadLetterQueue: this.deadLetters })],
    });
  }
}
