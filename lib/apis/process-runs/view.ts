import type { Run, RunStatus } from '../../runs/run.ts';
import { toShortId } from '../records/short-id.ts';
import type { ProcessRun } from './contract.ts';
import { processRunInput } from './process-run.ts';

/** The core's statuses in this API's words. */
export const WIRE_STATUS: Record<RunStatus, ProcessRun['status']> = {
  queued: 'Pending',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  timed_out: 'TimedOut',
};

/** The nine documented members and no more; why a run failed is in its events. */
export function toProcessRun(run: Run, outputs: ProcessRun['outputs']): ProcessRun {
  const { agentId, fileIds, name, processId, stage } = processRunInput(run);
  return {
    agent_id: agentId,
    created_at: run.createdAt,
    file_ids: fileIds === null || fileIds.length === 0 ? null : fileIds,
    id: toShortId(run.id),
    name,
    outputs,
    process_id: processId,
    stage,
    status: WIRE_STATUS[run.status],
  };
}

/** What a create answers with, also when it is repeated: a GET tells how far the run is by then. */
export const toCreatedRun = (run: Run): ProcessRun => ({ ...toProcessRun(run, null), status: 'Created' });
