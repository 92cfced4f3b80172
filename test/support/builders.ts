import { Run, type RunStatus } from '../../lib/runs/run.ts';

export const A_WORKSPACE = '018f0000-0000-7000-8000-000000000001';

const FAILURE = { code: 'unreadable_file', stage: 'read', message: 'The file could not be read.' };
const CLAIMED = {
  startedAt: '2026-01-01T00:00:01.000Z',
  delivery: 0,
  claimId: '018f0000-0000-7000-8000-0000000000cc',
};

/** What each status needs beside what every run has. */
const BY_STATUS: Record<RunStatus, object> = {
  queued: { leaseUntil: '2026-01-01T00:02:00.000Z' },
  running: { leaseUntil: '2026-01-01T00:02:00.000Z', attempt: 1, ...CLAIMED },
  succeeded: {
    completedAt: '2026-01-01T00:00:05.000Z',
    startedAt: CLAIMED.startedAt,
    delivery: 0,
    result: {},
  },
  failed: {
    completedAt: '2026-01-01T00:00:05.000Z',
    startedAt: CLAIMED.startedAt,
    delivery: 0,
    failure: FAILURE,
  },
  cancelled: { completedAt: '2026-01-01T00:00:05.000Z', failure: { ...FAILURE, code: 'cancelled' } },
  timed_out: { completedAt: '2026-01-01T00:00:05.000Z', failure: { ...FAILURE, code: 'timed_out' } },
};

/** A valid run; say only what the test is about. */
export const aRun = ({
  status = 'queued',
  ...rest
}: { status?: RunStatus } & Record<string, unknown> = {}): Run =>
  Run.parse({
    id: '018f0000-0000-7000-8000-0000000000aa',
    kind: 'document',
    workspaceId: A_WORKSPACE,
    parentId: '018f0000-0000-7000-8000-0000000000dd',
    input: {},
    version: 3,
    attempt: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
    status,
    ...BY_STATUS[status],
    ...rest,
  });
