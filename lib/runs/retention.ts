import * as z from 'zod';

const Days = z.int().min(1).max(3650);

/** Days after which a run's record, its log and its output may go. What is not named is kept for good. */
export const Retention = z.object({
  runsDays: Days.optional(),
  logsDays: Days.optional(),
  outputsDays: Days.optional(),
});
export type Retention = z.infer<typeof Retention>;

const DAY_MS = 86_400_000;

export const daysAfter = (instant: string, days: number): Date =>
  new Date(Date.parse(instant) + days * DAY_MS);

/** The fewer of two numbers of days; undefined when both are for ever. */
export const fewerDays = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/** The times of a run that its retention counts from; instants as ISO 8601. */
export interface KeptRun {
  retention?: Retention | undefined;
  createdAt: string;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
}

/** When the record of a run may go: counted from its end, so an open run stays. */
export function runExpiresAt({ retention, completedAt }: KeptRun): Date | undefined {
  const days = retention?.runsDays;
  return days === undefined || completedAt === undefined ? undefined : daysAfter(completedAt, days);
}

/**
 * When the log of a run may go: never after its record, through which it is reached. It counts from the
 * run's start, which every chunk knows alike, so that a log goes whole and a repeated write is the same one.
 */
export function logExpiresAt({ retention, createdAt, startedAt }: KeptRun): Date | undefined {
  const days = fewerDays(retention?.logsDays, retention?.runsDays);
  return days === undefined ? undefined : daysAfter(startedAt ?? createdAt, days);
}
