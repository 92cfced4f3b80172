import { describe, expect, it } from 'vitest';
import { isTerminal, type RunEvent, TRANSITIONS, transition } from '../../lib/runs/lifecycle.ts';
import { RUN_STATUSES, Run, type RunStatus } from '../../lib/runs/run.ts';
import { aRun } from '../support/builders.ts';

const at = '2026-01-01T00:00:10.000Z';
const failure = { code: 'x', stage: null, message: 'X happened' };
const EVENTS: RunEvent[] = [
  { type: 'claimed', at, delivery: 1, claimId: '018f0000-0000-7000-8000-00000000000c' },
  { type: 'extended', leaseUntil: at },
  { type: 'requeued', leaseUntil: at, failure },
  { type: 'succeeded', at, result: { a: 1 } },
  { type: 'failed', at, failure },
  { type: 'cancelled', at, failure },
  { type: 'timed_out', at, failure },
  { type: 'amended', result: { b: 2 } },
  { type: 'redriven', at, redrives: 1, claimId: '018f0000-0000-7000-8000-00000000000d', leaseUntil: at },
];

/** The moves as the design draws them, written down a second time so that the table cannot drift unseen. */
const LEGAL: Record<RunStatus, Record<string, RunStatus>> = {
  queued: {
    claimed: 'running',
    extended: 'queued',
    requeued: 'queued',
    succeeded: 'succeeded',
    failed: 'failed',
    cancelled: 'cancelled',
    timed_out: 'timed_out',
  },
  running: {
    claimed: 'running',
    extended: 'running',
    requeued: 'queued',
    succeeded: 'succeeded',
    failed: 'failed',
    cancelled: 'cancelled',
    timed_out: 'timed_out',
    redriven: 'running',
  },
  succeeded: { amended: 'succeeded' },
  failed: { amended: 'failed', redriven: 'running' },
  cancelled: { amended: 'cancelled', redriven: 'running' },
  timed_out: { amended: 'timed_out', redriven: 'running' },
};

describe('lifecycle', () => {
  it('has the transition table of the design', () => {
    expect(TRANSITIONS).toEqual(LEGAL);
  });

  for (const status of RUN_STATUSES) {
    for (const event of EVENTS) {
      const next = LEGAL[status][event.type];
      it(`${status} × ${event.type} → ${next ?? 'refused'}`, () => {
        const run = aRun({ status });

        if (next === undefined) {
          expect(() => transition(run, event)).toThrow(
            expect.objectContaining({ code: 'invalid_transition' }),
          );
          return;
        }
        const moved = transition(run, event);

        expect(moved).toMatchObject({ status: next, version: run.version + 1, id: run.id, input: run.input });
        expect(Run.parse(moved)).toEqual(moved); // the record has every member that its status promises, and no other
        expect('leaseUntil' in moved).toBe(!isTerminal(next));
      });
    }
  }

  it('refuses a delivery that already holds the claim, and lets a later one take it over', () => {
    const run = aRun({ status: 'running' });
    const claim = (delivery: number) => transition(run, { type: 'claimed', at, delivery, claimId: run.id });

    expect(() => claim(0)).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
    expect(claim(1)).toMatchObject({
      status: 'running',
      delivery: 1,
      attempt: run.attempt + 1,
      startedAt: run.startedAt,
    });
  });

  it('counts the redrives it reflects, and takes the claim from whoever held it', () => {
    const redriven = transition(aRun({ status: 'failed' }), {
      type: 'redriven',
      at,
      redrives: 2,
      claimId: '018f0000-0000-7000-8000-00000000000d',
      leaseUntil: at,
    });
    const ended = transition(redriven, { type: 'succeeded', at, result: {} });

    expect(redriven).toMatchObject({
      redrives: 2,
      delivery: 1,
      startedAt: aRun({ status: 'failed' }).startedAt,
    });
    expect(redriven).not.toHaveProperty('failure');
    expect(ended).toMatchObject({ status: 'succeeded', redrives: 2 });
  });

  it('lets no run begin before it was made or end before it began, whatever the clock of who says so', () => {
    const queued = aRun({ status: 'queued', createdAt: '2026-01-01T00:00:10.200Z' });

    const running = transition(queued, { type: 'claimed', at, delivery: 0, claimId: queued.id });
    const ended = transition(running, { type: 'succeeded', at, result: {} });

    expect(running).toMatchObject({ startedAt: queued.createdAt });
    expect(ended).toMatchObject({ completedAt: queued.createdAt });
  });

  it('keeps when a run first started, whatever is tried later', () => {
    const requeued = transition(aRun({ status: 'running' }), { type: 'requeued', leaseUntil: at, failure });

    const claimed = transition(requeued, { type: 'claimed', at, delivery: 0, claimId: requeued.id });

    expect(claimed.startedAt).toBe(aRun({ status: 'running' }).startedAt);
  });
});
