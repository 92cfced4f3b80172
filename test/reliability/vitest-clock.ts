import { vi } from 'vitest';
import type { Clock } from './simulation.ts';

/** The one that vitest's fake timers put in the place of the real one. */
export const VITEST_CLOCK: Clock = {
  count: () => vi.getTimerCount(),
  next: () => void vi.advanceTimersToNextTimer(),
};
