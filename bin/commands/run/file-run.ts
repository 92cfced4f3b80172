import type { RunMetrics } from '../../../lib/client/types.ts';

/** How a file came out. */
export interface Ended {
  /** Null where no platform was asked, or none was reached. */
  runId: string | null;
  status: 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  /** How good the result is, as the run's metrics say it; null where there is none. */
  outcome: RunMetrics['evaluation_outcome'] | null;
  issues: number;
  /** Data rows that were found. */
  rows: number;
  /** The workbook, where the run has written one. */
  workbook: Uint8Array | null;
  failure: { code: string | null; message: string } | null;
}

/** What is known while a file is at work. */
export interface Watcher {
  /** How far it is, in a few words. */
  step(label: string): void;
  /** An event of the run, for whoever wants to see each. */
  event(name: string, message: string): void;
}

/** @throws SpreadsheetFailure for what is wrong with the file; anything else means that no other is worth a try. */
export interface FileRun {
  /** Files at a time. */
  readonly width: number;
  run(file: string, bytes: Uint8Array, watcher: Watcher, signal: AbortSignal): Promise<Ended>;
}

/** A file that was never run. */
export const notRun = (code: string | null, message: string): Ended => ({
  ...{ runId: null, status: 'failed', outcome: null, issues: 0, rows: 0, workbook: null },
  failure: { code, message },
});

/** Somebody should look at it: something in it is wrong, or nothing that was looked for is there. */
export const isDoubtful = ({ status, outcome, issues }: Ended): boolean =>
  status === 'succeeded' && (issues > 0 || outcome === 'failure');

/** A file that has ended, and where its output is. */
export interface FileEnd {
  file: string;
  ended: Ended;
  output: string | null;
  tookMs: number;
}
