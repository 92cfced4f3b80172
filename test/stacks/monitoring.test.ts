import { describe, expect, it } from 'vitest';
import { KINDS, METRICS, NAMESPACE } from '../../lib/adapters/aws/metrics.ts';
import { ACCESS_METRICS } from '../../lib/constructs/watch/access-metrics.ts';
import { STAGE_METRICS, stageMetric } from '../../lib/constructs/watch/stage-metrics.ts';
import { fieldsOf, paragraphsOf, queriesOf, readDocument } from './runbook.ts';
import { resourcesOf, synthesize, textOf } from './synthesize.ts';

const { monitoring, runs, findings } = synthesize({ alarmEmail: 'ops@example.com' });
const alarms = [...resourcesOf(monitoring, 'AWS::CloudWatch::Alarm')].map(([path, { Properties }]) => ({
  name: path.split('/').at(-1) ?? path,
  ...(Properties as unknown as AlarmProperties),
}));
const runbook = readDocument('runbook.md');
const paragraphs = paragraphsOf(runbook);

interface MetricStat {
  Metric: { Namespace: string; MetricName: string; Dimensions?: { Name: string; Value: unknown }[] };
}
interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions: unknown[];
  OKActions: unknown[];
  TreatMissingData?: string;
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: unknown }[];
  Metrics?: { MetricStat?: MetricStat }[];
}

/** Every metric that an alarm looks at: each is paid for. */
const watchedBy = ({
  Namespace,
  MetricName,
  Dimensions,
  Metrics,
}: AlarmProperties): MetricStat['Metric'][] =>
  Namespace === undefined || MetricName === undefined
    ? (Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
    : [{ Namespace, MetricName, ...(Dimensions === undefined ? {} : { Dimensions }) }];

interface Widget {
  type: string;
  properties: { title?: string; query?: string; metrics?: (string | { expression?: string })[][] };
}
/** The dashboard as the console reads it, with a word in place of what CloudFormation fills in. */
const dashboards = [...resourcesOf(monitoring, 'AWS::CloudWatch::Dashboard').values()].map(
  ({ Properties }) => {
    const { 'Fn::Join': join } = Properties.DashboardBody as { 'Fn::Join': [string, unknown[]] };
    const body = join[1].map((part) => (typeof part === 'string' ? part : 'filled-in')).join('');
    return JSON.parse(body) as { widgets: Widget[] };
  },
);
const widgets = dashboards.flatMap((dashboard) => dashboard.widgets);
/** What graphs show, one by one: namespace, name and the names and values of dimensions, or an expression. */
const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []);
const expressions = shown.flatMap(([first]) =>
  typeof first === 'object' && first.expression !== undefined ? [first.expression] : [],
);

const [access] = resourcesOf(runs, 'AWS::ApiGateway::Stage').values();
const accessLog = JSON.parse(
  (access?.Properties.AccessLogSetting as { Format: string } | undefined)?.Format ?? '{}',
) as Record<string, string>;

describe('the monitoring of a stage', () => {
  it('breaks no rule of AwsSolutions without a written reason', () => {
    expect(findings).toEqual([]);
  });

  it('has no function, no role and no right of its own', () => {
    for (const type of ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Lambda::Function'])
      monitoring.resourceCountIs(type, 0);
  });
});

describe('alarms', () => {
  it('are ten at the most, over ten metrics, which is what is free', () => {
    expect(alarms.length).toBeLessThanOrEqual(10);
    expect(alarms.flatMap(watchedBy)).toHaveLength(10);
  });

  it.each(alarms)('$name names a paragraph of the runbook that there is', ({ AlarmDescription }) => {
    const [, anchor] = /^[A-Z].+\. What to do: docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription) ?? [];
    const [paragraph, ...others] = paragraphs.filter((one) => one.anchor === anchor);

    expect(paragraph).toMatchObject({ level: 3, under: ['Runbook', 'Alarms'] });
    expect(others).toEqual([]);
  });

  it('are all the paragraphs that the runbook has of alarms', () => {
    const described = paragraphs.filter(({ under }) => under[1] === 'Alarms').map(({ anchor }) => anchor);
    const named = alarms.map(({ AlarmDescription }) => AlarmDescription.split('#')[1]);

    expect(described.sort()).toEqual(named.sort());
  });

  it.each(alarms)('$name says when it goes off and when it is over', ({ AlarmActions, OKActions }) => {
    const topic = [{ Ref: expect.stringMatching(/^Alarmed/) }];

    expect({ AlarmActions, OKActions }).toEqual({ AlarmActions: topic, OKActions: topic });
  });

  it('take no news for good news, but where something has to happen all the time', () => {
    const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    const rest = alarms.filter((alarm) => !breaching.includes(alarm));

    expect(breaching.map(({ name }) => name)).toEqual(['NoSweep']);
    expect(new Set(rest.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']));
  });
});

describe('the topic of alarms', () => {
  const policy = textOf([...resourcesOf(monitoring, 'AWS::SNS::TopicPolicy').values()]);

  it('is published to over TLS, by alarms of this account', () => {
    expect(policy).toContain('"Bool":{"aws:SecureTransport":"false"}');
    monitoring.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'sns:Publish', Principal: '*' },
          {
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  it('writes to whom it is told to, and to nobody else', () => {
    const silent = synthesize().monitoring;

    monitoring.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    silent.resourceCountIs('AWS::SNS::Subscription', 0);
    silent.resourceCountIs('AWS::SQS::Queue', 0);
    silent.resourceCountIs('AWS::SNS::Topic', 1);
  });
});

describe('the dashboard', () => {
  it('is one, small enough to be free', () => {
    expect(dashboards).toHaveLength(1);
    expect(shown.length).toBeLessThanOrEqual(50);
  });

  it.each([
    'Runs that ended, by kind and outcome',
    'From creation to success, ms',
    'Open past their lease, and how long the oldest (s)',
    'Requests',
    'Answers, ms',
    'Answers that were no success',
    'Functions that failed',
    'Executions that failed',
    'Throttled',
    'Function time, ms',
    'DynamoDB units',
    'Tokens of models',
    'Files',
  ])('shows: %s', (title) => {
    expect(widgets.map(({ properties }) => properties.title)).toContain(title);
  });

  it('shows how long each kind of run takes', () => {
    const shownKinds = shown
      .filter(([, name]) => name === 'runMilliseconds')
      .map((metric) => metric[metric.indexOf('kind') + 1]);

    expect([...new Set(shownKinds)]).toEqual(KINDS);
  });

  it('asks the access log for what it has', () => {
    const queries = widgets.flatMap(({ type, properties }) =>
      type === 'log' ? (properties.query ?? '') : [],
    );

    expect(queries).toHaveLength(2);
    for (const query of queries) {
      const read = fieldsOf(query.replace(/^SOURCE '[^']+' \| /, ''));
      expect(read.length).toBeGreaterThan(2);
      expect(read.filter((field) => accessLog[field] === undefined)).toEqual([]);
    }
  });
});

describe('metrics of ours', () => {
  const inAlarms = alarms
    .flatMap(watchedBy)
    .filter(({ Namespace }) => Namespace === NAMESPACE)
    .map(({ MetricName, Dimensions = [] }) => ({
      name: MetricName,
      dimensions: Dimensions.map(({ Name }) => Name),
    }));
  const inGraphs = shown
    .filter(([namespace]) => namespace === NAMESPACE)
    .map(([, name, ...rest]) => ({
      name: String(name),
      dimensions: rest.filter((part, index) => typeof part === 'string' && index % 2 === 0).map(String),
    }));
  const inSearches = expressions.flatMap((expression) => {
    const [, schema, name] = /^SEARCH\('\{Runplane,([\w,]+)\} MetricName="(\w+)"/.exec(expression) ?? [];
    return schema === undefined || name === undefined ? [] : [{ name, dimensions: schema.split(',') }];
  });
  const used = [...inAlarms, ...inGraphs, ...inSearches];

  it('are looked at only as they are made: by their names, kept apart as they are', () => {
    expect([inAlarms.length, inSearches.length]).toEqual([4, 1]);
    for (const { name, dimensions } of used) {
      const made = Object.entries(STAGE_METRICS).find(([known]) => known === name)?.[1];
      expect([name, dimensions.toSorted()]).toEqual([name, made?.dimensions.toSorted()]);
    }
  });

  it('are all looked at: what nobody sees is not paid for', () => {
    expect(new Set(used.map(({ name }) => name))).toEqual(new Set(Object.keys(STAGE_METRICS)));
  });

  it('are as many as docs/deploy.md says', () => {
    const ofRuns = KINDS.length * ['succeeded', 'failed', 'cancelled', 'timed_out'].length;
    const others = Object.values(STAGE_METRICS).filter(({ dimensions }) => dimensions.length === 1).length;

    expect(Object.keys(STAGE_METRICS)).toHaveLength(others + 1);
    expect(readDocument('deploy.md')).toContain(`in every hour, has ${ofRuns + others}.`);
  });

  it('cannot be asked for without what keeps them apart', () => {
    expect(() => stageMetric('dev', 'runMilliseconds', { apart: { kind: 'agent' } })).toThrow(
      'runMilliseconds is kept apart by status: say which',
    );
  });

  it.each(Object.entries(ACCESS_METRICS))('%s is counted in the access log as it is', (name, { status }) => {
    const [filter, ...others] = [...resourcesOf(monitoring, 'AWS::Logs::MetricFilter').values()]
      .map(({ Properties }) => Properties)
      .filter(({ MetricTransformations }) => textOf(MetricTransformations).includes(`"${name}"`));

    expect(others).toEqual([]);
    expect(filter).toMatchObject({
      FilterPattern: `{ ($.status = "${status}") && ($.stage = "*") }`,
      LogGroupName: { 'Fn::ImportValue': expect.stringContaining('AccessLogs') },
      MetricTransformations: [
        {
          MetricNamespace: NAMESPACE,
          MetricName: name,
          MetricValue: '1',
          Dimensions: [{ Key: 'stage', Value: '$.stage' }],
        },
      ],
    });
    expect(accessLog).toMatchObject({ status: '$context.status', stage: '$context.stage' });
  });

  it('are made of lines, and of nothing else', () => {
    expect(Object.keys(STAGE_METRICS)).toEqual([...Object.keys(METRICS), ...Object.keys(ACCESS_METRICS)]);
  });
});

describe('the runbook', () => {
  it('asks the access log for what it has', () => {
    const queries = queriesOf(runbook, 'access');

    expect(queries.length).toBeGreaterThan(3);
    for (const query of queries)
      expect([query, fieldsOf(query).filter((field) => accessLog[field] === undefined)]).toEqual([query, []]);
  });

  it('finds resources by names that each one alone has', () => {
    const asked = [...runbook.matchAll(/\bphysical (\w+) (AWS::\w+::\w+)/g)];

    expect(asked.length).toBeGreaterThan(2);
    for (const [what, beginning = '', type = ''] of asked) {
      const found = Object.keys(runs.findResources(type)).filter((id) => id.startsWith(beginning));
      expect([what, found]).toEqual([what, [expect.any(String)]]);
    }
  });

  it.each(['runbook.md', 'deploy.md', 'security.md'])(
    'and its neighbours link to what there is: %s',
    (name) => {
      const text = readDocument(name);
      const links = [...text.matchAll(/\]\(([\w-]+\.md)?(?:#([\w-]+))?\)/g)].filter(
        ([, file, anchor]) => file ?? anchor,
      );

      expect(links.length).toBeGreaterThan(0);
      for (const [link, file = name, anchor] of links) {
        if (anchor === undefined) continue;
        const anchors = paragraphsOf(readDocument(file)).map((paragraph) => paragraph.anchor);
        expect([link, anchors]).toEqual([link, expect.arrayContaining([anchor])]);
      }
    },
  );
});
