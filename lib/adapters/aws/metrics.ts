import { type Fields, LINES } from '../../apis/log/log-lines.ts';
import { RUN_KINDS } from '../../runs/run.ts';

/** Where CloudWatch keeps the metrics of every stage. */
export const NAMESPACE = 'Runplane';

/** The values of the dimension `kind`. */
export const KINDS: readonly string[] = RUN_KINDS;

/** What a metric is called, and by which values it is kept apart. */
export interface MetricShape {
  readonly unit: 'Milliseconds' | 'Seconds' | 'Count';
  /** CloudWatch charges every combination of their values, in the hours in which it occurs. */
  readonly dimensions: readonly string[];
}

interface MetricOfLine extends MetricShape {
  /** The message of the lines that it is counted from. */
  readonly line: string;
  /** What a line adds to it; undefined for a line that says nothing of it. */
  readonly value: (fields: Fields) => number | undefined;
}

const numberIn =
  (name: string) =>
  (fields: Fields): number | undefined => {
    const value = fields[name];
    return typeof value === 'number' ? value : undefined;
  };

const oneIf =
  (holds: (failureCode: string) => boolean) =>
  ({ failureCode }: Fields): number | undefined =>
    typeof failureCode === 'string' && holds(failureCode) ? 1 : undefined;

/** Failures that come from a provider, or from what an operator has set up for it; not from what was asked. */
const PROVIDER_FAILURE = /^(provider_\w+|invalid_model)$/;

/**
 * The metrics that lines of the log become. None of them has a model, a workspace or another name that
 * callers choose among its dimensions: whoever can make up names could run up a bill.
 */
export const METRICS = {
  /** From the creation of a run to its end; how many values there are is how many runs have ended. */
  runMilliseconds: {
    line: LINES.runEnded,
    unit: 'Milliseconds',
    dimensions: ['stage', 'kind', 'status'],
    value: numberIn('milliseconds'),
  },
  /** Runs that failed although nothing was wrong with what was asked of them. */
  internalFailures: {
    line: LINES.runEnded,
    unit: 'Count',
    dimensions: ['stage'],
    value: oneIf((code) => code === 'internal_error'),
  },
  providerFailures: {
    line: LINES.runEnded,
    unit: 'Count',
    dimensions: ['stage'],
    value: oneIf((code) => PROVIDER_FAILURE.test(code)),
  },
  inputTokens: {
    line: LINES.runEnded,
    unit: 'Count',
    dimensions: ['stage'],
    value: numberIn('inputTokens'),
  },
  outputTokens: {
    line: LINES.runEnded,
    unit: 'Count',
    dimensions: ['stage'],
    value: numberIn('outputTokens'),
  },
  /** Open runs that the sweeper found past their lease: none, in a minute in which it found none. */
  runsPastLease: { line: LINES.pastLease, unit: 'Count', dimensions: ['stage'], value: numberIn('runs') },
  oldestLeaseSeconds: {
    line: LINES.pastLease,
    unit: 'Seconds',
    dimensions: ['stage'],
    value: numberIn('oldestLeaseSeconds'),
  },
} as const satisfies Record<string, MetricOfLine>;

/**
 * What a line has beside its fields so that CloudWatch takes its metrics from it, without a request and
 * without a right: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(message: string, fields: Fields, now: number): Fields {
  const measured = Object.entries<MetricOfLine>(METRICS).flatMap(([name, { line, value, ...shape }]) => {
    const found = line === message ? value(fields) : undefined;
    return found === undefined ? [] : [{ name, found, ...shape }];
  });
  if (measured.length === 0) return {};
  return {
    ...Object.fromEntries(measured.map(({ name, found }) => [name, found])),
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: measured.map(({ name, unit, dimensions }) => ({
        Namespace: NAMESPACE,
        Dimensions: [dimensions],
        Metrics: [{ Name: name, Unit: unit }],
      })),
    },
  };
}
