/** When something was read that is kept in memory: by the platform's clock, and by one that is never set. */
export interface ReadAt {
  clock: number;
  steady: number;
}

export const readAt = (now: Date): ReadAt => ({ clock: now.getTime(), steady: performance.now() });

/**
 * Whether what was read is not older than so many milliseconds. The older of its two ages counts, so that a
 * clock that is set back keeps nothing for longer; one that has gone behind the reading tells no age at all.
 */
export function isFresh(read: ReadAt, now: Date, milliseconds: number): boolean {
  const ages = [now.getTime() - read.clock, performance.now() - read.steady];
  return ages.every((age) => age >= 0 && age < milliseconds);
}
