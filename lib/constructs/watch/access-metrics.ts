import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type MetricShape, NAMESPACE } from '../../adapters/aws/metrics.ts';

/**
 * What is counted in the API's access log. API Gateway counts everything from 400 to 499 as one, and what it
 * refuses itself no function gets to see.
 */
export const ACCESS_METRICS = {
  throttledRequests: { unit: 'Count', dimensions: ['stage'], status: '429' },
} as const satisfies Record<string, MetricShape & { status: string }>;

/** Makes them of the log. A minute without such a line has no value, and costs nothing. */
export function countAccess(scope: Construct, logGroup: ILogGroup): void {
  for (const [metricName, { status, dimensions }] of Object.entries(ACCESS_METRICS)) {
    const fields = dimensions.map((name) => [name, `$.${name}`] as const);
    new MetricFilter(scope, metricName, {
      logGroup,
      // A field that is a dimension has to be in the pattern.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', status),
        ...fields.map(([, field]) => FilterPattern.exists(field)),
      ),
      metricNamespace: NAMESPACE,
      metricName,
      metricValue: '1',
      unit: Unit.COUNT,
      dimensions: Object.fromEntries(fields),
    });
  }
}
