import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../simulator/history.ts';
import { beginVirtualTime } from '../simulator/play.ts';
import { type Found, repeatOf, simulate } from '../simulator/simulate.ts';

/** Only what hangs takes so long, in milliseconds: for what is loaded first, and for each schedule. */
const HANGS_MS = 300_000;
const SCHEDULE_HANGS_MS = 600;
/** Lines of what happened that a failure shows. */
const SHOWN = 100;

/** What was found, and how it is found again. */
export const storyOf = (seed: number, { violation, played }: Found, plant?: string): string =>
  [
    `${violation.invariant}: ${violation.what}`,
    `Again, and smaller: ${repeatOf(seed, plant)}`,
    ...played.history.entries.slice(-SHOWN).map(lineOf),
  ].join('\n');

/** This file lives in virtual time. */
export function useVirtualTime(): void {
  let end = (): void => undefined;
  beforeAll(async () => {
    end = await beginVirtualTime();
  });
  afterAll(() => end());
}

export function describeSchedules(from: number, seeds: number): void {
  describe('the simulator', () => {
    useVirtualTime();

    const timeout = HANGS_MS + seeds * SCHEDULE_HANGS_MS;
    it(`finds nothing in the ${seeds} schedules from ${from} on`, { timeout }, async () => {
      const stories: string[] = [];
      const onFound = (seed: number, found: Found): number => stories.push(storyOf(seed, found));
      const { failed } = await simulate({ seed: from, seeds, onFound });

      expect(failed, stories.join('\n')).toEqual([]);
    });
  });
}
