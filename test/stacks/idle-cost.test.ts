import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { MONITORING } from '../../scripts/cost/idle-month.ts';
import { synthesize } from './synthesize.ts';

const { storage, runs, examples, monitoring } = synthesize();
const templates = [storage, runs, examples, monitoring];

/** An alarm over one metric names it; one over an expression lists those that it is made of. */
const metricsOf = ({ Metrics }: { Metrics?: { MetricStat?: unknown }[] }): number =>
  Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;

const resources = (type: string) =>
  templates.flatMap((template) => Object.values(template.findResources(type)));

/** What CloudFormation makes of these is billed by the hour, used or not. */
const STANDING =
  /^AWS::(EC2::(NatGateway|Instance|VPCEndpoint)|ElasticLoadBalancingV2::|KMS::Key|WAFv2::WebACL|SecretsManager::Secret|RDS::|ElastiCache::|CloudWatch::(Alarm|CompositeAlarm|Dashboard))/;

const typesIn = (template: Template): string[] =>
  Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);

describe('a stage that nobody uses', () => {
  it('is billed for its alarms and its dashboard, as the idle month counts them', () => {
    const alarmMetrics = resources('AWS::CloudWatch::Alarm').reduce(
      (sum, { Properties }) => sum + metricsOf(Properties),
      0,
    );

    const dashboards = resources('AWS::CloudWatch::Dashboard').length;
    expect({ alarmMetrics, dashboards }).toEqual(MONITORING);
  });

  it('has nothing else that is billed by the hour', () => {
    const standing = new Set(templates.flatMap(typesIn).filter((type) => STANDING.test(type)));

    expect([...standing].toSorted()).toEqual(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard']);
  });
});
