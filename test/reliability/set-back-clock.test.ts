import { beforeAll, describe, expect, it } from 'vitest';
import type { Deed, Plan, Strike } from '../simulator/plan.ts';
import { play } from '../simulator/play.ts';
import { planOf } from '../simulator/simulate.ts';
import { useVirtualTime } from './simulated-schedules.ts';

const HOUR_MS = 3_600_000;
/** While what was refused still waits. */
const SET_BACK_AT_MS = 2000;
const FAULTS_UNTIL_MS = 20_000;
/** A sweep notices it within a minute, and what it starts then is over soon. */
const SOON_MS = 180_000;
/** What is loaded when it is first needed takes time that is not a schedule's: these need all of it. */
const WARM_UP = 3;

/** A laptop on which something is refused, or killed while a model is slow, and whose clock is then set back. */
const aLaptop = (
  deed: Deed,
  strike: Partial<Strike> & Pick<Strike, 'lane' | 'nth'>,
  reboots: number[],
): Plan => ({
  isLocal: true,
  callers: [{ tenant: 'A', role: 'owner', deed, slot: 0, at: 100, cancels: [], pause: 0 }],
  strikes: [{ fault: 'throttled', milliseconds: 0, ...strike }],
  ...{ events: [], tasks: [], reboots },
  fates: [{ milliseconds: 2000, end: 'succeeded', isRedriven: false }],
  steps: [0, 1, 2].map((no) => ({ at: SET_BACK_AT_MS + no, by: -HOUR_MS })),
  until: FAULTS_UNTIL_MS,
});

describe("a laptop's clock that is set back by three hours", () => {
  useVirtualTime();
  beforeAll(async () => {
    for (let seed = 0; seed < WARM_UP; seed += 1) await play(seed, planOf(seed));
  });

  const slow = { lane: 'model', nth: 2, fault: 'late answer', milliseconds: 20_000 } as const;

  it.each<[string, ...Parameters<typeof aLaptop>]>([
    ['a run whose start was refused', 'process', { lane: 'c0', verb: 'sfn.start', nth: 0 }, []],
    ['a run whose end could not be settled', 'process', { lane: 'settle', nth: 0, every: 1 }, []],
    ['a key whose request was interrupted', 'document', { lane: 'c0', verb: 'table.put', nth: 2 }, []],
    ['a run of an agent whose process was killed', 'answer', slow, [SET_BACK_AT_MS - 500]],
  ])('does not hold up %s', async (_what, ...laptop) => {
    const { violations, history } = await play(7, aLaptop(...laptop));

    expect(violations).toEqual([]);
    const last = history.entries.findLast(({ type, at }) => type === 'write' && at > 0);
    expect(last?.at).toBeGreaterThan(0);
    expect(last?.at).toBeLessThan(SOON_MS);
  });
});
