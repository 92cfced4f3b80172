import { describe, expect, it } from 'vitest';
import { PLANTS } from '../simulator/plants.ts';
import { simulate } from '../simulator/simulate.ts';
import { IS_LONG } from '../support/lane.ts';
import { useVirtualTime } from './simulated-schedules.ts';

/** Whatever is planted is found in so many schedules. */
const SCHEDULES = 200;
/** A change is judged by the mends that were the hardest to get right; all plants have time in the long lane. */
const planted = Object.entries(PLANTS).filter(([name]) => IS_LONG || /^fault-\d+$/.test(name));

describe('the simulator finds', () => {
  useVirtualTime();

  it.each(planted)('%s', async (name, make) => {
    const { failed } = await simulate({ seed: 1, seeds: SCHEDULES, plant: { name, make } });

    expect(failed).toHaveLength(1);
  });

  it('the same in the same schedules', async () => {
    const [first, second] = [await simulate({ seed: 1, seeds: 5 }), await simulate({ seed: 1, seeds: 5 })];

    expect(second).toEqual(first);
  });
});
