import type { StatesError } from './failure.ts';

/**
 * Does something for at most so many seconds, with a signal that is aborted when the time is up, when `outer`
 * is, and when it is over: whatever was begun for it then ends as well.
 * @throws Late when it takes longer; the reason of `outer`
 */
export async function within<Result>(
  world: { wait(milliseconds: number, signal: AbortSignal): Promise<void> },
  seconds: number | undefined,
  outer: AbortSignal,
  Late: new () => StatesError,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController();
  const end = (): void => ending.abort(outer.reason);
  if (outer.aborted) end();
  outer.addEventListener('abort', end, { once: true });
  const clock = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const tell = (): void => reject(ending.signal.reason);
    if (ending.signal.aborted) tell();
    ending.signal.addEventListener('abort', tell, { once: true });
  });
  ended.catch(() => undefined); // It is heard of by the race below.
  if (seconds !== undefined)
    world.wait(seconds * 1000, clock.signal).then(
      () => ending.abort(new Late()),
      () => undefined, // The clock was stopped, below.
    );
  try {
    return await Promise.race([work(ending.signal), ended]);
  } finally {
    clock.abort();
    outer.removeEventListener('abort', end);
    if (!ending.signal.aborted) ending.abort(new Error('It is over'));
  }
}
