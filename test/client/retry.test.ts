import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/client/clock.ts';
import { RunplaneError, retryAfter } from '../../lib/client/errors.ts';
import { isWorthRepeating, type Patience, pauseBefore, persist } from '../../lib/client/retry.ts';
import { impatientClock } from './impatient.ts';

const answered = (status: number, retryAfterSeconds?: number): RunplaneError =>
  new RunplaneError(`status ${status}`, { status, code: 'x', retryAfterSeconds });
const lost = new RunplaneError('cut', { code: 'network', mayHaveArrived: true });
const unsent = new RunplaneError('refused', { code: 'network' });

const GET = { method: 'GET', harmless: true, keyed: false };
const KEYED = { method: 'POST', harmless: true, keyed: true };
const POST = { method: 'POST', harmless: false, keyed: false };

describe('a request is worth repeating', () => {
  it.each<[string, RunplaneError, get: boolean, keyed: boolean, post: boolean]>([
    ['after 429', answered(429), true, true, true],
    ['after 503', answered(503), true, true, true],
    ['after 502', answered(502), true, true, false],
    ['after 504', answered(504), true, true, false],
    ['after 500', answered(500), true, false, false],
    ['after a lost answer', lost, true, true, false],
    ['after a connection that never was', unsent, true, true, true],
    ['after 400', answered(400), false, false, false],
    ['after 404', answered(404), false, false, false],
    ['after 409', answered(409), false, false, false],
    ['after 422', answered(422), false, false, false],
  ])('%s, if it does no harm', (_when, error, get, keyed, post) => {
    expect([GET, KEYED, POST].map((request) => isWorthRepeating(error, request))).toEqual([get, keyed, post]);
  });
});

describe('the pause before another try', () => {
  it('is anything up to a bound that doubles, to 20 seconds', () => {
    const longest = [1, 2, 3, 4, 8, 30].map((failed) => pauseBefore(failed, undefined, () => 1));

    expect(longest).toEqual([300, 600, 1200, 2400, 20_000, 20_000]);
    expect(pauseBefore(3, undefined, () => 0)).toBe(0);
    expect(pauseBefore(3, undefined, () => 0.5)).toBe(600);
  });

  it('is what the platform asks for, and a little more', () => {
    expect(pauseBefore(1, 5, () => 0)).toBe(5000);
    expect(pauseBefore(1, 5, () => 0.5)).toBe(5150);
    expect(pauseBefore(1, 0, () => 0)).toBe(0);
  });

  it('is nobody’s to make when it is longer than a minute', () => {
    expect(pauseBefore(1, 61, () => 0)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');

  it.each([
    ['7', 7],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfter(header, now)).toBe(seconds);
  });
});

describe('persisting', () => {
  const patience = (
    more: Partial<Patience> = {},
  ): Patience & { clock: ReturnType<typeof impatientClock> } => ({
    ...{ ...GET, retries: 3, signal: undefined },
    ...more,
    clock: impatientClock(),
  });

  /** Fails with these in turn, then answers how many tries it took. */
  const failing = (...errors: RunplaneError[]) => {
    let tries = 0;
    return async () => {
      const error = errors[tries];
      tries += 1;
      if (error !== undefined) throw error;
      return tries;
    };
  };

  it('ends with the first success', async () => {
    const { clock, ...rest } = patience();

    expect(await persist(failing(answered(503, 2), answered(500), lost), { clock, ...rest })).toBe(4);
    expect(clock.slept).toEqual([2150, 300, 600]);
  });

  it('ends with the last of its tries, and says what the one before came to', async () => {
    const errors = [1, 2, 3, 4, 5].map(() => answered(503));

    const failed = persist(failing(...errors), patience());

    await expect(failed).rejects.toBe(errors[3]);
    expect(errors.map(({ cause }) => cause)).toEqual([undefined, errors[0], errors[1], errors[2], undefined]);
  });

  it('ends at once when there is nothing to hope for, or too long to wait', async () => {
    for (const error of [answered(404), answered(503, 3600)]) {
      const { clock, ...rest } = patience();
      await expect(persist(failing(error), { clock, ...rest })).rejects.toBe(error);
      expect(clock.slept).toEqual([]);
    }
  });

  it('waits for an earlier try under its key to be answered, without counting', async () => {
    const inFlight = (): RunplaneError =>
      new RunplaneError('A request with this Idempotency-Key is still being answered', {
        status: 409,
        code: 'conflict',
      });

    const { clock, ...rest } = patience(KEYED);
    expect(await persist(failing(...Array.from({ length: 10 }, inFlight)), { clock, ...rest })).toBe(11);
    expect(clock.slept).toEqual(Array(10).fill(1000));

    const endless = persist(failing(...Array.from({ length: 100 }, inFlight)), patience(KEYED));
    await expect(endless).rejects.toMatchObject({ status: 409 });
    for (const impatient of [patience(), patience({ ...KEYED, retries: 0 })])
      await expect(persist(failing(inFlight()), impatient)).rejects.toMatchObject({ status: 409 });
  });

  it('ends at once when it is aborted, also while it waits', async () => {
    const leaving = new AbortController();
    const why = new Error('the user left');
    let tries = 0;
    const waiting = persist(
      async () => {
        tries += 1;
        queueMicrotask(() => leaving.abort(why));
        throw answered(503, 60);
      },
      { ...GET, retries: 9, signal: leaving.signal, clock: systemClock },
    );

    await expect(waiting).rejects.toBe(why);
    expect(tries).toBe(1);
  });

  it('tells every later try that an earlier one may have done it', async () => {
    const told: boolean[] = [];
    const errors = [answered(503), lost, answered(503), answered(404)];

    const failed = persist(async (mayBeDone) => {
      told.push(mayBeDone);
      throw errors[told.length - 1] ?? new Error('too often');
    }, patience());

    await expect(failed).rejects.toBe(errors[3]);
    expect(told).toEqual([false, false, true, true]);
  });

  it('lets errors of another kind pass', async () => {
    const bug = new TypeError('a bug');

    await expect(persist(() => Promise.reject(bug), patience())).rejects.toBe(bug);
  });
});
