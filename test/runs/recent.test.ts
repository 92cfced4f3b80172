import { expect, it } from 'vitest';
import { isRecent } from '../../lib/runs/recent.ts';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const HALF_A_MINUTE_MS = 30_000;

it.each([
  [0, true],
  [-30_000, true],
  [-30_001, false],
  // Clocks of functions are apart by milliseconds.
  [200, true],
  // Written before a clock was set back.
  [30_001, false],
  [3 * 3_600_000, false],
])('what was written %i ms from now: %s', (milliseconds, expected) => {
  const instant = new Date(NOW.getTime() + milliseconds).toISOString();
  expect(isRecent(instant, NOW, HALF_A_MINUTE_MS)).toBe(expected);
});
