import type { RunEvent } from './lifecycle.ts';
import type { OpenRun } from './run.ts';
import { inSeconds, RUN_LIMIT_SECONDS } from './service.ts';

type Extended = Extract<RunEvent, { type: 'extended' }>;

/** As often as the sweeper comes by: a shorter lease would not be noticed. In seconds. */
const SWEEP_SECONDS = 60;

/**
 * A run that is alive is looked at again after a fourth of its age: what a lost event hides is late by no more
 * than that. Five minutes at least, as most runs have ended by then; an hour at most, as it is what a workflow
 * that waits for days is late by: ten thousand of those are 167 looks a minute, where the quota of
 * `DescribeExecution` grants 600 in every region.
 */
const ALIVE_SECONDS = { least: 300, most: 3600 };
const ALIVE_PART = 1 / 4;

/** What could not be looked at, or not be started, is tried again ever more rarely, up to these many seconds. */
const FAILED_MOST_SECONDS = 3600;
/** A start is refused for now by throttling, which passes; somebody waits for the run. */
const UNSTARTED_MOST_SECONDS = 300;

/** When the time of a run is over, in milliseconds since 1970; never for a process. */
export const deadlineOf = ({ startedAt, createdAt, kind }: OpenRun): number =>
  Date.parse(startedAt ?? createdAt) + RUN_LIMIT_SECONDS[kind] * 1000;

/** The next look at a run that goes on. The end of its time is not missed by more than one sweep. */
export function aliveLease(run: OpenRun, now: Date): Extended {
  const age = secondsBetween(Date.parse(run.startedAt ?? run.createdAt), now);
  const rest = -secondsBetween(deadlineOf(run), now);
  const seconds = Math.min(clamp(age * ALIVE_PART, ALIVE_SECONDS), Math.max(SWEEP_SECONDS, rest));
  return { type: 'extended', leaseUntil: inSeconds(now, seconds) };
}

/** The next look at a run of which this one told nothing: it waits as long again as it has waited. */
export const failedLease = (run: OpenRun, now: Date): Extended => overdueLease(run, now, FAILED_MOST_SECONDS);

/** The next try to start a run, should this one be refused. */
export const unstartedLease = (run: OpenRun, now: Date): Extended =>
  overdueLease(run, now, UNSTARTED_MOST_SECONDS);

function overdueLease(run: OpenRun, now: Date, most: number): Extended {
  const since = overdueSince(run, now);
  const seconds = clamp(secondsBetween(Date.parse(since), now), { least: SWEEP_SECONDS, most });
  return { type: 'extended', leaseUntil: inSeconds(now, seconds), overdueSince: since };
}

/** Since when somebody should have got to the run, as an ISO instant that is not after `now`. */
export function overdueSince({ overdueSince: known, leaseUntil }: OpenRun, now: Date): string {
  const since = known ?? leaseUntil;
  return since < now.toISOString() ? since : now.toISOString();
}

const secondsBetween = (from: number, to: Date): number => (to.getTime() - from) / 1000;

const clamp = (seconds: number, { least, most }: { least: number; most: number }): number =>
  Math.min(Math.max(seconds, least), most);
