import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { powertoolsLogger } from '../../../lib/adapters/aws/logger.ts';
import { METRICS, NAMESPACE } from '../../../lib/adapters/aws/metrics.ts';
import { LINES } from '../../../lib/apis/log/log-lines.ts';
import { RunsError } from '../../../lib/runs/errors.ts';
import { aRun } from '../../support/builders.ts';

let written: string[];
beforeEach(() => {
  written = [];
  const write = (chunk: string | Uint8Array): boolean => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});
afterEach(() => vi.restoreAllMocks());

const NAMES = { runId: 'run-1', workspaceId: 'ws-1', kind: 'agent' };
const ended = { ...NAMES, status: 'succeeded', milliseconds: 1200, inputTokens: 12, outputTokens: 34 };

interface Embedded {
  Timestamp: number;
  CloudWatchMetrics: {
    Namespace: string;
    Dimensions: string[][];
    Metrics: { Name: string; Unit: string }[];
  }[];
}

/** What a function wrote, line by line; CloudWatch takes metrics only from a line that is JSON as a whole. */
const linesOf = (log: (logger: ReturnType<typeof powertoolsLogger>) => void, stage?: string) => {
  log(powertoolsLogger(stage));
  return written.map((text) => {
    expect(text).toMatch(/^\{.*\}\n$/);
    return JSON.parse(text) as Record<string, unknown> & { _aws?: Embedded };
  });
};

/** What CloudWatch makes of a line: every value under its name, kept apart by its dimensions. */
function metricsOf(line: Record<string, unknown> & { _aws?: Embedded }) {
  return (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }) => ({
      Namespace,
      Name,
      Unit,
      value: line[Name],
      dimensions: Dimensions.map((names) => Object.fromEntries(names.map((name) => [name, line[name]]))),
    })),
  );
}

describe('a line on AWS', () => {
  it('is JSON, with its level, its message, its fields and its stage', () => {
    const [line] = linesOf((logger) => logger.warn('watch out', { requestId: 'req_1' }), 'dev');

    expect(line).toEqual({
      level: 'WARN',
      message: 'watch out',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      service: 'runplane',
      sampling_rate: 0,
      stage: 'dev',
      requestId: 'req_1',
    });
  });

  it('has of an error what it is and where it was, and nothing that it carries', () => {
    const error = new RunsError('invalid_transition', {
      run: aRun({ input: { message: 'what a member said' } }),
      event: 'claimed',
    });

    const [line] = linesOf((logger) => logger.error('request failed', { error }), 'dev');

    expect(line?.error).toEqual({
      name: 'RunsError',
      message: 'invalid_transition',
      stack: expect.any(Array),
    });
    expect(written.join('')).not.toContain('what a member said');
  });
});

describe('metrics', () => {
  it('are taken from the line of a run that has ended', () => {
    const [line] = linesOf((logger) => logger.info(LINES.runEnded, ended), 'dev');

    expect(line).toMatchObject(ended);
    expect(line?._aws?.Timestamp).toBeGreaterThan(Date.parse('2026-01-01'));
    expect(metricsOf(line ?? {})).toEqual([
      {
        Namespace: NAMESPACE,
        Name: 'runMilliseconds',
        Unit: 'Milliseconds',
        value: 1200,
        dimensions: [{ stage: 'dev', kind: 'agent', status: 'succeeded' }],
      },
      ...[
        ['inputTokens', 12],
        ['outputTokens', 34],
      ].map(([Name, value]) => ({
        Namespace: NAMESPACE,
        Name,
        Unit: 'Count',
        value,
        dimensions: [{ stage: 'dev' }],
      })),
    ]);
  });

  it.each([
    ['internal_error', ['internalFailures']],
    ['provider_unauthorized', ['providerFailures']],
    ['provider_timeout', ['providerFailures']],
    ['invalid_model', ['providerFailures']],
    ['unreadable_file', []],
    ['content_filtered', []],
  ])('tell whose fault a failure was: %s', (failureCode, counted) => {
    const failed = { ...NAMES, status: 'failed', milliseconds: 5, failureCode };
    const [line] = linesOf((logger) => logger.info(LINES.runEnded, failed), 'dev');

    const counts = metricsOf(line ?? {}).filter(({ Unit }) => Unit === 'Count');
    expect(counts.map(({ Name, value }) => [Name, value])).toEqual(counted.map((name) => [name, 1]));
  });

  it('are taken from what a sweep has found', () => {
    const backlog = { runs: 3, oldestLeaseSeconds: 45 };
    const [line] = linesOf((logger) => logger.info(LINES.pastLease, backlog), 'dev');

    expect(metricsOf(line ?? {}).map(({ Name, Unit, value }) => [Name, Unit, value])).toEqual([
      ['runsPastLease', 'Count', 3],
      ['oldestLeaseSeconds', 'Seconds', 45],
    ]);
  });

  it('are not made of other lines, nor of those of no stage', () => {
    const [request] = linesOf((logger) => logger.info('request', { milliseconds: 3 }), 'dev');
    written = [];
    const [nowhere] = linesOf((logger) => logger.info(LINES.runEnded, ended));

    expect(request).not.toHaveProperty('_aws');
    expect(nowhere).not.toHaveProperty('_aws');
  });

  it('are kept apart by nothing that a caller could make up', () => {
    const dimensions = Object.values(METRICS).flatMap((metric) => metric.dimensions);

    expect([...new Set(dimensions)].sort()).toEqual(['kind', 'stage', 'status']);
  });
});
