import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import { dynamoMetric } from './service-metrics.ts';
import { PERIOD, stageMetric } from './stage-metrics.ts';
import type { Watched } from './watched.ts';

interface AlarmSpec {
  /** What has happened, in a sentence. */
  readonly says: string;
  /** The heading of its paragraph in `docs/runbook.md`, as a link names it. */
  readonly runbook: string;
  readonly metric: IMetric;
  /** It goes off at this value, or below it when `below` is set. */
  readonly threshold: number;
  readonly below?: boolean;
  /** Periods of five minutes in a row. */
  readonly periods?: number;
  /** What no value means: all is well, or nothing works any more. */
  readonly missing?: TreatMissingData;
}

/**
 * What somebody has to look at, and nothing else: each has a paragraph in the runbook that says what to do.
 * An alarm costs ten cents a month for each metric that it looks at; the first ten of an account are free,
 * and these are ten.
 */
const specs = ({ stageName, api, table, sweep, lostEvents }: Watched): Record<string, AlarmSpec> => ({
  // One can be an instance of a function that died; five in five minutes are not by chance.
  ApiErrors: {
    says: 'Callers of the API were answered 5xx at least five times in five minutes.',
    runbook: 'the-api-answers-5xx',
    metric: api.resource.metricServerError({ statistic: Stats.SUM, period: PERIOD }),
    threshold: 5,
  },
  // Such a run is lost to its caller, and no input explains it: the first one is worth a look.
  InternalFailures: {
    says: 'A run failed, and it was not for what was asked of it.',
    runbook: 'runs-fail-by-our-fault',
    metric: stageMetric(stageName, 'internalFailures'),
    threshold: 1,
  },
  // A provider that is busy for a moment is asked again; a workspace with a wrong key tries a few times.
  ProviderFailures: {
    says: 'Ten runs in five minutes got no answer from the provider of their model.',
    runbook: 'models-do-not-answer',
    metric: stageMetric(stageName, 'providerFailures'),
    threshold: 10,
  },
  // The sweeper looks every minute at all that is due: one that waited for ten was missed, or fails each time.
  StuckRuns: {
    says: 'An open run was left alone for ten minutes after its lease had ended.',
    runbook: 'runs-are-stuck',
    metric: stageMetric(stageName, 'oldestLeaseSeconds', { statistic: Stats.MAXIMUM }),
    threshold: 600,
  },
  // Ten sweeps in a row that were not made, or failed. Nothing else finds what was lost.
  NoSweep: {
    says: 'No sweep of the open runs has succeeded for ten minutes.',
    runbook: 'nobody-sweeps',
    metric: new MathExpression({
      expression: 'FILL(made, 0) - FILL(failed, 0)',
      usingMetrics: {
        made: sweep.resource.metricInvocations({ statistic: Stats.SUM, period: PERIOD }),
        failed: sweep.resource.metricErrors({ statistic: Stats.SUM, period: PERIOD }),
      },
      period: PERIOD,
      label: 'sweeps that succeeded',
    }),
    threshold: 1,
    below: true,
    periods: 2,
    missing: TreatMissingData.BREACHING,
  },
  // The sweeper has closed the runs meanwhile; what failed three times will fail again with the next event.
  LostEvents: {
    says: 'The end of an execution could not be recorded, and waits in the dead-letter queue.',
    runbook: 'events-wait-in-the-dead-letter-queue',
    metric: lostEvents.metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: PERIOD,
    }),
    threshold: 1,
  },
  // A request that is throttled is tried four times, so a few go unnoticed; twenty do not.
  TableThrottled: {
    says: 'DynamoDB throttled twenty requests to the table in five minutes.',
    runbook: 'the-table-is-throttled',
    metric: new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: {
        reads: dynamoMetric(table, 'ReadThrottleEvents'),
        writes: dynamoMetric(table, 'WriteThrottleEvents'),
      },
      period: PERIOD,
      label: 'requests that were throttled',
    }),
    threshold: 20,
  },
  // A client that is told to wait a second does; fifty times in five minutes it is more than one, or does not.
  ThrottledRequests: {
    says: 'Fifty requests in five minutes were refused with 429.',
    runbook: 'callers-are-turned-away',
    metric: stageMetric(stageName, 'throttledRequests'),
    threshold: 50,
  },
});

export interface StageAlarmsProps extends Watched {
  readonly topic: AlarmTopic;
}

/** The alarms of a stage. */
export class StageAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, ...watched }: StageAlarmsProps) {
    super(scope, id);
    this.all = Object.entries(specs(watched)).map(([name, spec]) => {
      const { says, runbook, metric, threshold, below = false, periods = 1, missing } = spec;
      const alarm = new Alarm(this, name, {
        alarmDescription: `${says} What to do: docs/runbook.md#${runbook}`,
        metric,
        threshold,
        comparisonOperator: below
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: periods,
        treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
      });
      topic.announce(alarm);
      return alarm;
    });
  }
}
