import type { RunResource } from './types.ts';

type Status = RunResource['status'];

/** A line of a run's log. */
export interface LogLine {
  timestamp: string;
  level: 'debug' | 'info' | 'warning' | 'error';
  /** `run.start`, `engine.table.written`, `run.complete` … */
  event: string;
  message: string;
  data?: unknown;
  error?: unknown;
  context: Record<string, unknown>;
  event_id?: string;
  engine_run_id?: string;
}

/** How the run was when the stream of its events began. */
export interface Ready {
  runId: string;
  status: Status;
  cursor: number;
}

/** How it ended. */
export interface End extends Ready {
  reason: 'run_complete' | 'terminal_status';
}

/** What a follower sees. A cursor is a byte offset into the log; going on from it misses and repeats nothing. */
export type FollowedEvent =
  | ({ type: 'ready' } & Ready)
  | { type: 'message'; cursor: number; line: LogLine }
  | ({ type: 'end' } & End);

export interface FollowedRun {
  workspaceId: string;
  runId: string;
}

export interface FollowOptions {
  /** Where to begin: the cursor of the last event that was seen. */
  cursor?: number;
  signal?: AbortSignal;
}

/** The event that ends the log of a run that was not cancelled. */
export const LAST_EVENT = 'run.complete';
