import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  PeriodOverride,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { KINDS } from '../../adapters/aws/metrics.ts';
import { accountMetric, dynamoMetric, storedBytes } from './service-metrics.ts';
import { everyCombination, mostOf, PERIOD, stageMetric } from './stage-metrics.ts';
import type { Watched } from './watched.ts';

export interface StageDashboardProps extends Watched {
  readonly alarms: readonly Alarm[];
}

const HEIGHT = 6;
/** A row has 24 columns. */
const THIRD = 8;
const HALF = 12;

/** One page that answers: does it work, who waits, what is refused, what does it cost? */
export class StageDashboard extends Construct {
  readonly resource: Dashboard;

  constructor(scope: Construct, id: string, props: StageDashboardProps) {
    super(scope, id);
    this.resource = new Dashboard(this, 'Resource', {
      defaultInterval: Duration.hours(12),
      periodOverride: PeriodOverride.INHERIT, // sums are by the five minutes, whatever time is looked at
      widgets: [
        heading(
          `Runplane, stage ${props.stageName}`,
          'Each alarm names the paragraph of docs/runbook.md that says what to do.',
        ),
        [new AlarmStatusWidget({ alarms: [...props.alarms], width: 24, height: 3 })],
        ...runs(props),
        ...requests(props),
        ...refusals(props),
        ...costs(props),
      ],
    });
  }

  /** Where the console shows it. */
  get url(): string {
    const { region } = Stack.of(this);
    return `https://console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${this.resource.dashboardName}`;
  }
}

const heading = (title: string, text = ''): IWidget[] => [
  new TextWidget({ markdown: `## ${title}\n${text}`, width: 24, height: text === '' ? 1 : 2 }),
];

const graph = (title: string, left: IMetric[], more: Partial<GraphWidgetProps> = {}): GraphWidget =>
  new GraphWidget({ title, left, width: THIRD, height: HEIGHT, leftYAxis: { min: 0 }, ...more });

function runs({ stageName }: StageDashboardProps): IWidget[][] {
  const took = (kind: string, statistic: string): IMetric =>
    stageMetric(stageName, 'runMilliseconds', {
      apart: { kind, status: 'succeeded' },
      statistic,
      label: `${kind} ${statistic}`,
    });
  return [
    heading('Runs'),
    [
      graph(
        'Runs that ended, by kind and outcome',
        [everyCombination(stageName, 'runMilliseconds', Stats.SAMPLE_COUNT)],
        { stacked: true },
      ),
      graph(
        'From creation to success, ms',
        KINDS.flatMap((kind) => [took(kind, 'p50'), took(kind, 'p95')]),
      ),
      graph(
        'Open past their lease, and how long the oldest (s)',
        [stageMetric(stageName, 'runsPastLease', { statistic: Stats.MAXIMUM, label: 'runs' })],
        {
          right: [
            stageMetric(stageName, 'oldestLeaseSeconds', { statistic: Stats.MAXIMUM, label: 'oldest' }),
          ],
          rightYAxis: { min: 0 },
        },
      ),
    ],
  ];
}

function requests({ api }: StageDashboardProps): IWidget[][] {
  const { resource, accessLogs } = api;
  const options = { period: PERIOD };
  return [
    heading('Requests', 'A stream of events counts with all the time that it was open.'),
    [
      graph('Requests', [resource.metricCount({ ...options, statistic: Stats.SUM, label: 'requests' })]),
      graph('Answers, ms', [
        resource.metricLatency({ ...options, statistic: 'p50', label: 'p50' }),
        resource.metricLatency({ ...options, statistic: 'p95', label: 'p95' }),
      ]),
      graph('Answers that were no success', [
        resource.metricClientError({ ...options, statistic: Stats.SUM, label: '4xx' }),
        resource.metricServerError({ ...options, statistic: Stats.SUM, label: '5xx' }),
      ]),
    ],
    [
      new LogQueryWidget({
        title: 'The slowest routes, ms',
        logGroupNames: [accessLogs.logGroupName],
        queryLines: [
          'stats count(*) as requests, pct(responseLatency, 50) as p50, pct(responseLatency, 95) as p95 by method, route',
          'sort p95 desc',
          'limit 20',
        ],
        width: HALF,
        height: HEIGHT,
      }),
      new LogQueryWidget({
        title: 'Answers that were no success, by route',
        logGroupNames: [accessLogs.logGroupName],
        queryLines: [
          'filter status >= 400',
          'stats count(*) as answers by status, method, route',
          'sort answers desc',
          'limit 20',
        ],
        width: HALF,
        height: HEIGHT,
      }),
    ],
  ];
}

function refusals(props: StageDashboardProps): IWidget[][] {
  const { stageName, machines, lostEvents, table, api } = props;
  const ofMachines = (name: 'ExecutionsFailed' | 'ExecutionsTimedOut' | 'ExecutionThrottled'): IMetric[] =>
    Object.entries(machines).map(([kind, { resource }]) =>
      resource.metric(name, { statistic: Stats.SUM, period: PERIOD, label: `${kind} ${name}` }),
    );
  return [
    heading('Errors and limits'),
    [
      graph('Functions that failed', [mostOf(Stack.of(api).stackName, 'Errors')]),
      graph('Executions that failed', [
        ...ofMachines('ExecutionsFailed'),
        ...ofMachines('ExecutionsTimedOut'),
      ]),
      graph('Failures of ours, of providers, and events that were lost', [
        stageMetric(stageName, 'internalFailures', { label: 'internal' }),
        stageMetric(stageName, 'providerFailures', { label: 'of a provider' }),
        lostEvents.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          period: PERIOD,
          label: 'events in the dead-letter queue',
        }),
      ]),
    ],
    [
      graph('Throttled', [
        stageMetric(stageName, 'throttledRequests', { label: 'API 429' }),
        dynamoMetric(table, 'ReadThrottleEvents', { label: 'DynamoDB reads' }),
        dynamoMetric(table, 'WriteThrottleEvents', { label: 'DynamoDB writes' }),
        ...ofMachines('ExecutionThrottled'),
      ]),
      graph(
        'Functions of the whole account: at work, and throttled',
        [accountMetric('ConcurrentExecutions', Stats.MAXIMUM)],
        { right: [accountMetric('Throttles', Stats.SUM)], rightYAxis: { min: 0 }, width: 2 * THIRD },
      ),
    ],
  ];
}

function costs({ stageName, api, table, files, machines }: StageDashboardProps): IWidget[][] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return [
    heading('What is paid for'),
    [
      graph('Function time, ms', [mostOf(Stack.of(api).stackName, 'Duration')], { stacked: true }),
      graph('DynamoDB units', [
        dynamoMetric(table, 'ConsumedReadCapacityUnits', { label: 'read' }),
        dynamoMetric(table, 'ConsumedWriteCapacityUnits', { label: 'written' }),
      ]),
      graph(
        'Executions started: two or three state transitions each',
        Object.entries(machines).map(([kind, { resource }]) =>
          resource.metricStarted({ ...sum, label: kind }),
        ),
      ),
    ],
    [
      graph('Tokens of models', [
        stageMetric(stageName, 'inputTokens', { label: 'in' }),
        stageMetric(stageName, 'outputTokens', { label: 'out' }),
      ]),
      new SingleValueWidget({
        title: 'Files',
        metrics: [storedBytes(files)],
        width: THIRD,
        height: HEIGHT,
      }),
      graph('API requests', [api.resource.metricCount({ ...sum, label: 'requests' })]),
    ],
  ];
}
