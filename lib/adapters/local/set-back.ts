/**
 * Says whether a clock was set back since it was last asked: what waits for an instant would wait as much longer.
 * A step that is shorter than the time in between goes unnoticed, and costs no more than that time.
 */
export function setBackWatch(now: () => Date): () => boolean {
  let last = now().getTime();
  return () => {
    const before = last;
    last = now().getTime();
    return last < before;
  };
}
