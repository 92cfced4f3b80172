/**
 * Milliseconds that have passed, by a clock that may be set: it never goes back, whatever the other does, and a
 * step back costs no more than the time since it was last asked. For those who ask often.
 */
export function steadyClock(now: () => Date): () => number {
  let last = now().getTime();
  let passed = 0;
  return () => {
    const at = now().getTime();
    passed += Math.max(0, at - last);
    last = at;
    return passed;
  };
}
