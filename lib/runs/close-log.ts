import { apply } from './apply.ts';
import { appendLine, closingLine, IS_READ } from './log.ts';
import { isPlaceholder } from './placeholder.ts';
import type { RunPlatform } from './ports.ts';
import { type Run, type RunStatus, refOf } from './run.ts';

/** How long whoever ended a run has for the last line of its log, before the sweeper writes it, in milliseconds. */
const CLOSING_MS = 120_000;

/**
 * Whether the log of a run that ends in a status gets a last line. There is none where nothing began, nor, as in
 * ADE, after a cancel; a process, of which we see no more than its end, always has one.
 */
const hasLastLine = ({ kind, startedAt }: Run, status: RunStatus): boolean =>
  IS_READ[kind] && (kind === 'process' || (status !== 'cancelled' && startedAt !== undefined));

/**
 * What is added to the end of a run that has no execution behind it: it stays among those that the sweeper looks
 * at until its log is closed. One that has an execution needs none: that is delivered again, or tells of its end.
 */
export const closingLease = (run: Run, status: RunStatus, at: Date): { leaseUntil?: string } =>
  hasLastLine(run, status) ? { leaseUntil: new Date(at.getTime() + CLOSING_MS).toISOString() } : {};

/** Writes the last line of an ended run's log, unless it is there; then nobody has to look at the run any more. */
export async function closeLog(platform: Pick<RunPlatform, 'log' | 'now' | 'runs'>, run: Run): Promise<void> {
  if (hasLastLine(run, run.status) && !isPlaceholder(run))
    await appendLine(platform, run, closingLine(platform, run));
  if (run.leaseUntil === undefined) return;
  await apply(
    platform,
    refOf(run),
    (current) =>
      'completedAt' in current && current.leaseUntil !== undefined
        ? { type: 'amended', isLogClosed: true }
        : undefined,
    run,
  );
}
