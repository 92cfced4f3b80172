/**
 * Whether an instant that stands written is so near, in milliseconds, that whoever wrote it may still be at
 * work. One that is further ahead than that was written before a clock was set back, and tells no age: it is
 * not waited for, or the wait would be as long as the step. For what is safe to do too early.
 */
export function isRecent(instant: string, now: Date, milliseconds: number): boolean {
  return Math.abs(now.getTime() - Date.parse(instant)) <= milliseconds;
}
