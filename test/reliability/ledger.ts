import { isDeepStrictEqual } from 'node:util';
import { isRunsError } from '../../lib/runs/errors.ts';
import { isTerminal, type RunEvent, transition } from '../../lib/runs/lifecycle.ts';
import type { RunStore } from '../../lib/runs/ports.ts';
import { isOpen, type OpenRun, type Run, refOf, type TerminalRun } from '../../lib/runs/run.ts';

/** The run after the event, or undefined where the table of transitions has no such move. */
function after(run: Run, event: RunEvent): Run | undefined {
  try {
    return transition(run, event);
  } catch (error) {
    if (isRunsError(error, 'invalid_transition')) return undefined;
    throw error;
  }
}

const extended = ({ leaseUntil, overdueSince }: OpenRun): RunEvent => ({
  ...{ type: 'extended', leaseUntil },
  ...(overdueSince === undefined ? {} : { overdueSince }),
});

/** Every event that could have made a record what it is. */
function eventsBehind(run: Run): RunEvent[] {
  const result = 'result' in run && run.result !== undefined ? { result: run.result } : {};
  switch (run.status) {
    case 'queued': {
      const { leaseUntil, failure } = run;
      const requeued: RunEvent[] = failure === undefined ? [] : [{ type: 'requeued', leaseUntil, failure }];
      return [extended(run), ...requeued];
    }
    case 'running': {
      const { leaseUntil, startedAt: at, delivery, claimId, redrives = 0 } = run;
      return [
        extended(run),
        { type: 'claimed', at, delivery, claimId },
        { type: 'redriven', at, redrives, claimId, leaseUntil },
      ];
    }
    case 'succeeded':
      return [
        { type: run.status, at: run.completedAt, result: run.result ?? {}, ...endOf(run) },
        ...amended(run),
      ];
    case 'failed':
    case 'cancelled':
      return [
        { type: run.status, at: run.completedAt, failure: run.failure, ...result, ...endOf(run) },
        ...amended(run),
      ];
    case 'timed_out': {
      const { endedBy: _worker, ...rest } = run;
      return [
        { type: run.status, at: run.completedAt, failure: run.failure, ...endOf(rest) },
        ...amended(run),
      ];
    }
  }
}

/** Who ended it, and whether its log is still to be closed. */
const endOf = ({ endedBy, leaseUntil }: Pick<TerminalRun, 'endedBy' | 'leaseUntil'>) => ({
  ...(endedBy === undefined ? {} : { by: endedBy }),
  ...(leaseUntil === undefined ? {} : { leaseUntil }),
});

const amended = (run: TerminalRun): RunEvent[] => [
  { type: 'amended', result: run.result ?? {} },
  { type: 'amended', isLogClosed: true },
];

/** The one event of the table that leads from one record to the next; undefined when there is none. */
export const eventBetween = (before: Run, next: Run): RunEvent['type'] | undefined =>
  eventsBehind(next).find((event) => isDeepStrictEqual(after(before, event), next))?.type;

/** What has been written of every run, and what of it must not have been. */
export class Ledger {
  readonly runs = new Map<string, Run>();
  readonly violations: string[] = [];
  readonly #note: (text: string) => void;

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  get open(): Run[] {
    return [...this.runs.values()].filter(isOpen);
  }

  /** The store, with its writes entered here as they are made. */
  watch(store: RunStore): RunStore {
    return new Proxy(store, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        if (method !== 'insert' && method !== 'commit') return value.bind(target);
        return async (written: Run, ...rest: unknown[]): Promise<void> => {
          await value.call(target, written, ...rest);
          const standing = await target.get(refOf(written));
          if (standing !== undefined) this.#enter(standing);
        };
      },
    });
  }

  #enter(next: Run): void {
    const before = this.runs.get(next.id);
    if (isDeepStrictEqual(before, next)) return; // the same write again
    const name = next.id.slice(-4);
    this.runs.set(next.id, next);
    if (before === undefined) {
      this.#note(`run ${name} is ${next.status}`);
      this.#checkAlone(next);
      return;
    }
    const event = eventBetween(before, next);
    this.#note(`run ${name} ${before.status} → ${event ?? '?'} → ${next.status}`);
    if (event === undefined)
      this.violations.push(`illegal: run ${name} went from ${before.status} to ${next.status}`);
    if (isTerminal(before.status) && isOpen(next)) this.#checkAlone(next);
  }

  /** A thread has one open run at a time. */
  #checkAlone(run: Run): void {
    if (!isOpen(run) || run.kind !== 'thread') return;
    const others = this.open.filter(({ id, parentId }) => parentId === run.parentId && id !== run.id);
    if (others.length > 0) this.violations.push(`duplicated: thread ${run.parentId} has two open runs`);
  }
}
