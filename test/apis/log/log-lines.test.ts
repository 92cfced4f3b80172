import { describe, expect, it } from 'vitest';
import { bare, describeError, logWith } from '../../../lib/apis/log/log-lines.ts';
import { logFailure, logStep } from '../../../lib/apis/log/log-step.ts';
import type { Logger } from '../../../lib/apis/log/ports.ts';
import type { Platform } from '../../../lib/apis/platform.ts';
import { RunsError } from '../../../lib/runs/errors.ts';
import { aRun } from '../../support/builders.ts';

type Line = [level: string, message: string, fields: object | undefined];

function aLog(): { lines: Line[]; logger: Logger } {
  const lines: Line[] = [];
  const line =
    (level: string): Logger['info'] =>
    (message, fields) =>
      void lines.push([level, message, fields]);
  return { lines, logger: { info: line('info'), warn: line('warn'), error: line('error') } };
}

/** As Lambda writes an error that a function has thrown: with every member that can be seen. */
const asLambdaWritesIt = (error: unknown): string =>
  JSON.stringify(error instanceof Error ? { errorMessage: error.message, ...error } : error);

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It threw no error');
}

const SECRET = 'what a member said';
const carrying = () =>
  new RunsError('invalid_transition', { run: aRun({ input: { message: SECRET } }), event: 'claimed' });

describe('a log with fields', () => {
  it('has them in each of its lines, beside those of the line and of the log that it was made from', () => {
    const { lines, logger } = aLog();
    const ofRequest = logWith(logger, { requestId: 'req_1' });

    ofRequest.warn('asked');
    logWith(ofRequest, { runId: 'run_1' }).info('ended', { status: 'failed' });

    expect(lines).toEqual([
      ['warn', 'asked', { requestId: 'req_1' }],
      ['info', 'ended', { requestId: 'req_1', runId: 'run_1', status: 'failed' }],
    ]);
  });
});

describe('an error in a line', () => {
  it('says what it is, where it was and what led to it, and nothing that it carries', () => {
    const error = new AggregateError([new Error('outer', { cause: carrying() })], 'one could not be swept');

    const described = describeError(error);

    expect(described).toEqual({
      name: 'AggregateError',
      message: 'one could not be swept',
      stack: expect.arrayContaining([expect.stringMatching(/^at .*log-lines\.test\.ts/)]),
      causes: [
        {
          name: 'Error',
          message: 'outer',
          stack: expect.any(Array),
          causes: [{ name: 'RunsError', message: 'invalid_transition', stack: expect.any(Array) }],
        },
      ],
    });
    expect(JSON.stringify(described)).not.toContain(SECRET);
  });

  it('does not say what could not be parsed', () => {
    const thrown = thrownBy(() => JSON.parse(SECRET));
    expect(thrown.message).toContain(SECRET);

    const described = describeError(thrown);

    expect(described).toEqual({ name: 'SyntaxError', stack: expect.any(Array) });
    expect(JSON.stringify(described)).not.toContain(SECRET);
  });

  it('ends, also when its cause is itself', () => {
    const error = new Error('round');
    error.cause = error;

    expect(JSON.stringify(describeError(error)).match(/round/g)).toHaveLength(6);
  });
});

describe('an error that a function throws', () => {
  it('keeps its name, message and members, and shows none of them to Lambda', () => {
    const error = carrying();
    expect(asLambdaWritesIt(error)).toContain(SECRET);

    const thrown = bare(error);

    expect(thrown).toBe(error);
    expect(error).toMatchObject({ name: 'RunsError', message: 'invalid_transition' });
    expect(error.details.run.input).toEqual({ message: SECRET });
    expect(asLambdaWritesIt(thrown)).not.toContain(SECRET);
  });

  it('need not be one', () => {
    expect(bare('text')).toBe('text');
  });
});

describe('a step', () => {
  const platformWith = (logger: Logger) => ({ logger, runs: {} }) as Pick<Platform, 'logger' | 'runs'>;
  const step = { step: 'settle', invocation: { awsRequestId: 'invocation-1' }, runId: 'run-1' };
  const fields = { step: 'settle', lambdaRequestId: 'invocation-1', runId: 'run-1' };

  it('says when it began and ended, and for whom', async () => {
    const { lines, logger } = aLog();

    const result = await logStep(platformWith(logger), step, async (logged) => {
      logged.logger.warn('at work');
      return 7;
    });

    expect(result).toBe(7);
    expect(lines).toEqual([
      ['info', 'step started', fields],
      ['warn', 'at work', fields],
      ['info', 'step ended', { ...fields, milliseconds: expect.any(Number) }],
    ]);
  });

  it('says that it failed and why, and fails with the same error, bare', async () => {
    const { lines, logger } = aLog();
    const error = carrying();

    const failed = logStep(platformWith(logger), step, () => Promise.reject(error));

    await expect(failed).rejects.toBe(error);
    expect(lines).toEqual([
      ['info', 'step started', fields],
      ['error', 'step failed', { ...fields, error }],
    ]);
    expect(asLambdaWritesIt(error)).not.toContain(SECRET);
  });

  it('that fails before it knows its run says so as well', async () => {
    const { lines, logger } = aLog();
    const error = carrying();
    const unknown = { step: 'settle', invocation: step.invocation };

    const failed = logFailure(logger, unknown, () => Promise.reject(error));

    await expect(failed).rejects.toBe(error);
    expect(lines).toEqual([
      ['error', 'step failed', { step: 'settle', lambdaRequestId: 'invocation-1', error }],
    ]);
  });
});
