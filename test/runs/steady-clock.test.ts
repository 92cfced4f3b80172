import { expect, it } from 'vitest';
import { steadyClock } from '../../lib/runs/steady-clock.ts';

it('a steady clock goes on when the other is set back', () => {
  let now = 1_000_000;
  const passed = steadyClock(() => new Date(now));
  now += 500;
  expect(passed()).toBe(500);
  now -= 3_600_000;
  expect(passed()).toBe(500);
  now += 250;
  expect(passed()).toBe(750);
});
