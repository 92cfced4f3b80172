import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { countAccess } from '../constructs/watch/access-metrics.ts';
import { AlarmTopic } from '../constructs/watch/alarm-topic.ts';
import { StageAlarms } from '../constructs/watch/stage-alarms.ts';
import { StageDashboard } from '../constructs/watch/stage-dashboard.ts';
import type { Watched } from '../constructs/watch/watched.ts';

export interface MonitoringStackProps extends StackProps {
  readonly watched: Watched;
  /** Who is written to when an alarm goes off. */
  readonly alarmEmail?: string | undefined;
}

/**
 * What a stage looks like from outside: one dashboard, its alarms, and where they go. It stands apart because
 * nothing depends on it, and because CloudFormation takes 500 resources in one stack.
 */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, { watched, alarmEmail, ...props }: MonitoringStackProps) {
    super(scope, id, props);
    countAccess(this, watched.api.accessLogs);
    const topic = new AlarmTopic(this, 'Alarmed', { email: alarmEmail });
    const { all: alarms } = new StageAlarms(this, 'Alarms', { ...watched, topic });
    const dashboard = new StageDashboard(this, 'Dashboard', { ...watched, alarms });
    new CfnOutput(this, 'DashboardUrl', { value: dashboard.url });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.resource.topicArn });
  }
}
