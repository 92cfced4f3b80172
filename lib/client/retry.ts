import type { Clock } from './clock.ts';
import { RunplaneError } from './errors.ts';

/** What is known about a request before it is sent a second time. */
export interface Repetition {
  method: string;
  /** Whether sending it again does nothing that sending it once would not. */
  harmless: boolean;
  /** Whether it carries an `Idempotency-Key`. */
  keyed: boolean;
}

/** Answers that say that nothing was done. */
const UNDONE = new Set([429, 503]);
/** Answers of a gateway that does not know what became of the request. */
const UNKNOWN = new Set([502, 504]);

/** Whether trying again may help, and can do no harm. */
export function isWorthRepeating(error: RunplaneError, { method, harmless }: Repetition): boolean {
  const { status, mayHaveArrived } = error;
  if (status === undefined) return harmless || !mayHaveArrived;
  if (UNDONE.has(status)) return true;
  if (UNKNOWN.has(status)) return harmless;
  // A POST that failed inside has failed for good: under its key, it would be answered the same.
  return status === 500 && harmless && method !== 'POST';
}

/** An earlier try, whose answer was lost, is still being answered: soon its answer is there to be repeated. */
export const isInFlight = (error: RunplaneError): boolean =>
  error.status === 409 &&
  (error.code === 'IDEMPOTENCY_IN_FLIGHT' ||
    error.message.includes('Idempotency-Key is still being answered'));

/** Full jitter: anything up to a bound that doubles from try to try, so that clients do not come in waves. */
const FIRST_MS = 300;
const LONGEST_MS = 20_000;
/** A caller who would have to wait longer than this is told so instead. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Milliseconds before the try after `failed` ones; undefined when it would be too long. */
export function pauseBefore(
  failed: number,
  retryAfterSeconds: number | undefined,
  random: () => number,
): number | undefined {
  const jitter = random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failed - 1));
  if (retryAfterSeconds === undefined) return jitter;
  if (retryAfterSeconds > MAX_RETRY_AFTER_SECONDS) return undefined;
  // A little after the moment that everybody was told.
  return retryAfterSeconds * 1000 + random() * FIRST_MS;
}

/** How long an earlier try of the same request may take to be answered: what a gateway grants, and a half more. */
const IN_FLIGHT_MS = 45_000;
const IN_FLIGHT_PAUSE_MS = 1000;

export interface Patience extends Repetition {
  retries: number;
  clock: Clock;
  signal: AbortSignal | undefined;
}

/**
 * Tries until it succeeds, is refused, or patience is at its end.
 * @param attempt is told whether an earlier try may have done what was asked.
 * @throws RunplaneError of the last try, with the one before as its cause; the signal's reason.
 */
export async function persist<T>(
  attempt: (mayBeDone: boolean) => Promise<T>,
  { retries, clock, signal, ...repetition }: Patience,
): Promise<T> {
  const startedAt = clock.now();
  let before: RunplaneError | undefined;
  let mayBeDone = false;
  for (let failed = 0; ; ) {
    try {
      return await attempt(mayBeDone);
    } catch (error) {
      if (!(error instanceof RunplaneError)) throw error;
      error.cause ??= before;
      before = error;
      mayBeDone ||= error.mayHaveArrived;
    }
    const isWaiting = repetition.keyed && retries > 0 && clock.now() - startedAt < IN_FLIGHT_MS;
    if (isWaiting && isInFlight(before)) {
      await clock.sleep(IN_FLIGHT_PAUSE_MS * (0.5 + clock.random()), signal);
      continue;
    }
    failed += 1;
    if (failed > retries || !isWorthRepeating(before, repetition)) throw before;
    const pause = pauseBefore(failed, before.retryAfterSeconds, clock.random);
    if (pause === undefined) throw before;
    await clock.sleep(pause, signal);
  }
}
