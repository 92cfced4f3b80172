import { holdsClaim } from '../../../runs/claim.ts';
import { closeLog } from '../../../runs/close-log.ts';
import { isRunsError, RunsError } from '../../../runs/errors.ts';
import { isOpen, type Run, type RunningRun, type RunRef } from '../../../runs/run.ts';
import { claimRun, finishRun, type Outcome } from '../../../runs/service.ts';
import type { WorkerPlatform } from '../../platform.ts';
import {
  type DocumentRunInput,
  type DocumentRunResult,
  documentRunInput,
  runFiles,
} from '../document-run.ts';
import type { Attempt } from './attempt.ts';
import { publishConfiguration, validateConfiguration } from './configuration-work.ts';
import { RunJournal } from './run-journal.ts';
import { discardObjects } from './run-objects.ts';

/**
 * A fault that may pass: the state machine's Retry names it. Everything else that goes wrong with a
 * document ends its run at once.
 */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** Half of what this function has to read: it is read while the run is claimed. */
const engine = async (): Promise<typeof import('./normalise-document.ts')> =>
  await import('./normalise-document.ts');

export type Processed = { status: 'succeeded' | 'failed' } | { status: 'ignored' };

/**
 * The work of one document run, from claim to end. Delivered twice, or late, it changes nothing and
 * answers `ignored`; what it wrote meanwhile is removed again.
 * @throws TransientFault when the platform, not the document, was at fault.
 */
export async function processDocument(
  platform: WorkerPlatform,
  ref: RunRef,
  delivery: number,
): Promise<Processed> {
  try {
    const [claimed] = await Promise.all([claimRun(platform, ref, delivery), engine()]);
    return await work(platform, claimed).catch(async (error: unknown) => {
      // The place in the log may have gone to the last lines of a worker that lost its claim to this one.
      const isAgain = isRunsError(error, 'log_moved') && (await holdsClaim(platform, claimed));
      throw isAgain ? new Error('An earlier worker wrote its last lines', { cause: error }) : error;
    });
  } catch (error) {
    if (isRunsError(error, 'invalid_transition')) await closeBehind(platform, error.details.run);
    if (error instanceof RunsError && IGNORED.has(error.code)) return { status: 'ignored' };
    throw new TransientFault(`Run ${ref.runId} was interrupted`, { cause: error });
  }
}

/** A worker that ended its run may have been lost before its last line; then the machine delivers the run again. */
async function closeBehind(platform: WorkerPlatform, run: Run): Promise<void> {
  if (!isOpen(run)) await closeLog(platform, run);
}

/** Somebody else has the run, or it is over, or it never was. */
const IGNORED = new Set<RunsError['code']>(['invalid_transition', 'log_moved', 'run_not_found']);

async function work(platform: WorkerPlatform, run: RunningRun): Promise<Processed> {
  const input = documentRunInput(run);
  const folder = `${runFiles(run)}/${run.claimId}`;
  const journal = await RunJournal.open(platform, run);
  const ended = await end(platform, { run, input, journal, folder });
  // The run refers to its objects now: nothing that goes wrong with its log may take them away.
  await journal.close(ended);
  return { status: ended.status === 'succeeded' ? 'succeeded' : 'failed' };
}

/** Works, and ends the run; what was written for a claim that turned out to be lost is removed again. */
async function end(platform: WorkerPlatform, attempt: Attempt): Promise<Run> {
  const { run, journal, folder } = attempt;
  try {
    const outcome = await perform(platform, attempt);
    await journal.drain();
    const result: DocumentRunResult = { ...outcome.result, logChunks: journal.chunksWhenClosed };
    return await finishRun(platform, run, { ...outcome, result });
  } catch (error) {
    if (isRunsError(error, 'invalid_transition') || isRunsError(error, 'log_moved')) {
      await discardObjects(platform.files, folder);
    }
    throw error;
  } finally {
    journal.stop();
  }
}

function perform(platform: WorkerPlatform, attempt: Attempt): Outcome | Promise<Outcome> {
  const { run, input, journal } = attempt;
  journal.write({ event: 'run.start', message: 'Starting run' });
  if (run.attempt > 1) {
    journal.write({
      event: 'run.retry',
      level: 'error',
      message: 'An earlier attempt was interrupted',
      data: { attempt: run.attempt },
    });
  }
  if (input.dryRun === true) return { type: 'succeeded', result: { note: 'Dry run' } };
  return PERFORM[input.operation](platform, attempt);
}

const PERFORM: Record<
  DocumentRunInput['operation'],
  (platform: WorkerPlatform, attempt: Attempt) => Promise<Outcome>
> = {
  process: async (platform, attempt) => (await engine()).normaliseDocument(platform, attempt),
  validate: validateConfiguration,
  publish: publishConfiguration,
};
