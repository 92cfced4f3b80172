import type { RunPlatform } from './ports.ts';
import { MOST_DUE } from './sweep.ts';

/** Later than any lease. */
export const ANY_LEASE = '9999-12-31T23:59:59.999Z';

/**
 * Ids of the open runs of agents. Nobody but their callers can tell how they stand: read when a laptop's process
 * has had no caller yet, they are those of callers who went with the process before it.
 */
export async function abandonedRuns({ runs }: Pick<RunPlatform, 'runs'>): Promise<ReadonlySet<string>> {
  const open = await runs.listOpen({ leaseBefore: ANY_LEASE, limit: MOST_DUE });
  return new Set(open.filter(({ kind }) => kind === 'agent').map(({ runId }) => runId));
}
