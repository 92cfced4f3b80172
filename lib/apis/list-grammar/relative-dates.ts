import { toInstant } from './values.ts';

const DAY = 86_400_000;
/** As far as a Date reaches: `past_99999999_days` begins with the first run there is. */
const FARTHEST = 8.64e15;
const MOST_DAYS = FARTHEST / DAY;

const startOfDay = (instant: number): number => Math.floor(instant / DAY) * DAY;
/** Weeks begin on Monday; the first of January 1970 was a Thursday. */
const startOfWeek = (instant: number): number =>
  startOfDay(instant) - ((Math.floor(instant / DAY) + 3) % 7) * DAY;

/** From the first moment up to, and without, `next`. Stored instants have milliseconds. */
function until(first: number, next: number): [Date, Date] {
  return [new Date(Math.max(first, -FARTHEST)), new Date(Math.min(next - 1, FARTHEST))];
}

/** What each word means, for a moment `now` in the year `y` and the month `m`. */
const WORDS: Record<string, (now: number, y: number, m: number) => [Date, Date]> = {
  today: (now) => days(now, 0, 1),
  yesterday: (now) => days(now, -1, 1),
  tomorrow: (now) => days(now, 1, 1),
  this_week: (now) => until(startOfWeek(now), startOfWeek(now) + 7 * DAY),
  last_week: (now) => until(startOfWeek(now) - 7 * DAY, startOfWeek(now)),
  this_month: (_now, y, m) => until(Date.UTC(y, m), Date.UTC(y, m + 1)),
  last_month: (_now, y, m) => until(Date.UTC(y, m - 1), Date.UTC(y, m)),
  this_year: (_now, y) => until(Date.UTC(y, 0), Date.UTC(y + 1, 0)),
  last_year: (_now, y) => until(Date.UTC(y - 1, 0), Date.UTC(y, 0)),
};

const days = (now: number, first: number, count: number): [Date, Date] =>
  until(startOfDay(now) + first * DAY, startOfDay(now) + (first + count) * DAY);

/**
 * The two ends of what `isRelativeToToday` names, both included: a word, a number of days (today is one of
 * them), the UTC day of a date, or two ends that are given. Undefined for anything else, which filters nothing.
 */
export function relativeRange(value: unknown, now: Date): unknown[] | undefined {
  if (Array.isArray(value)) return value.length === 2 && !value.includes(null) ? value : undefined;
  const today = now.getTime();
  if (typeof value === 'string') {
    const word = value.toLowerCase();
    if (Object.hasOwn(WORDS, word)) return WORDS[word]?.(today, now.getUTCFullYear(), now.getUTCMonth());
    const [, direction, digits] = /^(past|last|next)_(\d+)_days$/.exec(word) ?? [];
    const count = Math.min(Number(digits), MOST_DAYS);
    if (direction !== undefined) {
      if (count === 0) return undefined;
      return direction === 'next' ? days(today, 0, count) : days(today, 1 - count, count);
    }
  }
  const moment = toInstant(value);
  return moment === undefined ? undefined : days(moment, 0, 1);
}
