import type { Platform } from '../platform.ts';
import { bare, type Fields, logWith } from './log-lines.ts';
import { loggedRuns } from './logged-runs.ts';
import type { Logger } from './ports.ts';

type Logging = Pick<Platform, 'logger' | 'runs'>;

/**
 * The same platform for one request, or for one step of a run: the fields stand in each of its lines, also in
 * those that say which runs were created and which ended.
 */
export function withLog<P extends Logging>(platform: P, fields: Fields): P {
  const logger = logWith(platform.logger, fields);
  return { ...platform, logger, runs: loggedRuns(platform.runs, logger) };
}

/** What a function is told of its invocation; absent when other code of ours calls it. */
export interface Invocation {
  awsRequestId: string;
}

export interface Step {
  step: string;
  invocation: Invocation | undefined;
  workspaceId?: string;
  runId?: string;
  /** Which try of its state machine this is, from 0. */
  delivery?: number;
}

const fieldsOf = ({ invocation, ...step }: Step): Fields => ({
  ...step,
  lambdaRequestId: invocation?.awsRequestId,
});

/** Does the work of a step, and says when it began, when it ended, or that it failed. */
export async function logStep<P extends Logging, T>(
  platform: P,
  step: Step,
  work: (platform: P) => Promise<T>,
): Promise<T> {
  const logged = withLog(platform, fieldsOf(step));
  const startedAt = performance.now();
  logged.logger.info('step started');
  const result = await orLogged(logged.logger, () => work(logged));
  logged.logger.info('step ended', { milliseconds: Math.round(performance.now() - startedAt) });
  return result;
}

/** As `logStep`, for what a step has to do before it knows its run: only a failure is worth a line. */
export const logFailure = <T>(logger: Logger, step: Step, work: () => Promise<T>): Promise<T> =>
  orLogged(logWith(logger, fieldsOf(step)), work);

async function orLogged<T>(logger: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    logger.error('step failed', { error });
    throw bare(error);
  }
}
