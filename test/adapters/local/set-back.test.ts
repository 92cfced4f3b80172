import { expect, it } from 'vitest';
import { setBackWatch } from '../../../lib/adapters/local/set-back.ts';

it('says once that a clock was set back by more than has passed', () => {
  let now = 1_000_000;
  const wasSetBack = setBackWatch(() => new Date(now));
  expect(wasSetBack()).toBe(false);
  now += 60_000;
  expect(wasSetBack()).toBe(false);
  now += 60_000 - 3_600_000;
  expect(wasSetBack()).toBe(true);
  now += 60_000;
  expect(wasSetBack()).toBe(false);
  now += 60_000 - 59_000;
  expect(wasSetBack()).toBe(false);
});
