import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface AlarmTopicProps {
  /** Who is written to; nobody without it. AWS asks them first whether they want to be. */
  readonly email?: string | undefined;
}

/** Where alarms of a stage go. Others subscribe to it by its ARN: chat, a pager, a function. */
export class AlarmTopic extends Construct {
  /**
   * Not encrypted with a key of its own: that costs more a month than the idle platform, and what alarms say
   * is no secret. AWS's own key cannot be used by alarms.
   */
  readonly resource: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmTopicProps) {
    super(scope, id);
    this.resource = new Topic(this, 'Resource', { enforceSSL: true });
    // A policy of its own takes the place of the one that lets the account's alarms publish.
    this.resource.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.resource.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== undefined) this.#write(email);
  }

  /** Says when an alarm goes off, and when it is over. */
  announce(alarm: Alarm): void {
    const action = new SnsAction(this.resource);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** SNS tries for six hours; what a mail server would not take by then can be read in the queue. */
  #write(email: string): void {
    const deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(deadLetterQueue, 'SQS3', 'It is the dead-letter queue of a subscription');
    this.resource.addSubscription(new EmailSubscription(email, { deadLetterQueue }));
  }
}
