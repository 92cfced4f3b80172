import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FileBucket } from '../storage/file-bucket.ts';
import type { RunTable } from '../storage/run-table.ts';
import { PERIOD } from './stage-metrics.ts';

type DynamoMetric =
  | 'ConsumedReadCapacityUnits'
  | 'ConsumedWriteCapacityUnits'
  | 'ReadThrottleEvents'
  | 'WriteThrottleEvents';

/** Of the table itself, by its name. */
export const dynamoMetric = (
  { tableName }: RunTable,
  metricName: DynamoMetric,
  options: MetricOptions = {},
): Metric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: tableName },
    statistic: Stats.SUM,
    period: PERIOD,
    ...options,
  });

/** What is stored, which S3 says once a day and free of charge. */
export const storedBytes = ({ bucketName }: FileBucket): Metric =>
  new Metric({
    namespace: 'AWS/S3',
    metricName: 'BucketSizeBytes',
    dimensionsMap: { BucketName: bucketName, StorageType: 'StandardStorage' },
    statistic: Stats.AVERAGE,
    period: Duration.days(1),
    label: 'stored bytes',
  });

/** Of all functions of the account and region, which share one limit. */
export const accountMetric = (metricName: 'ConcurrentExecutions' | 'Throttles', statistic: string): Metric =>
  new Metric({ namespace: 'AWS/Lambda', metricName, statistic, period: PERIOD });
