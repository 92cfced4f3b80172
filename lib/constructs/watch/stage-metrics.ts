import { Duration } from 'aws-cdk-lib';
import {
  MathExpression,
  Metric,
  type MetricOptions,
  SearchExpression,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricShape, NAMESPACE } from '../../adapters/aws/metrics.ts';
import { ACCESS_METRICS } from './access-metrics.ts';

/** Every metric of ours: of the lines that functions write, and of the API's access log. */
export const STAGE_METRICS = { ...METRICS, ...ACCESS_METRICS } as const satisfies Record<string, MetricShape>;
export type StageMetric = keyof typeof STAGE_METRICS;

/** Alarms look at as much at once, and one point in a graph is as much. */
export const PERIOD = Duration.minutes(5);

/** A metric of ours in one stage: a sum, unless it is told otherwise. `apart` are its other dimensions. */
export function stageMetric(
  stageName: string,
  name: StageMetric,
  { apart = {}, ...options }: MetricOptions & { apart?: Record<string, string> } = {},
): Metric {
  const values: Record<string, string> = { stage: stageName, ...apart };
  const dimensionsMap = Object.fromEntries(
    STAGE_METRICS[name].dimensions.map((dimension) => {
      const value = values[dimension];
      if (value === undefined) throw new Error(`${name} is kept apart by ${dimension}: say which`);
      return [dimension, value];
    }),
  );
  return new Metric({
    namespace: NAMESPACE,
    metricName: name,
    dimensionsMap,
    statistic: Stats.SUM,
    period: PERIOD,
    ...options,
  });
}

/** One line for each combination of what a metric of ours is kept apart by, of those that there are. */
export function everyCombination(stageName: string, name: StageMetric, statistic: string): SearchExpression {
  const { dimensions } = STAGE_METRICS[name];
  const schema = [NAMESPACE, ...dimensions].join(',');
  const others = dimensions.filter((dimension) => dimension !== 'stage');
  return new SearchExpression({
    expression: `SEARCH('{${schema}} MetricName="${name}" stage="${stageName}"', '${statistic}', ${PERIOD.toSeconds()})`,
    label: others.map((dimension) => `\${PROP('Dim.${dimension}')}`).join(' '),
    period: PERIOD,
  });
}

/**
 * The ten functions of a stack, and of those within it, that have the most of something. CloudFormation begins
 * their names with the stack's, and a search compares words: a stack whose name has all of these words and more
 * is found as well.
 */
export const mostOf = (stackName: string, metricName: string): MathExpression =>
  new MathExpression({
    expression: `SORT(SEARCH('{AWS/Lambda,FunctionName} MetricName="${metricName}" ${stackName.replaceAll('-', ' ')}', 'Sum', ${PERIOD.toSeconds()}), SUM, DESC, 10)`,
    usingMetrics: {},
    label: `\${PROP('Dim.FunctionName')}`,
    period: PERIOD,
  });
