import type { Run } from '../../runs/run.ts';
import { toShortId } from '../records/short-id.ts';
import { processRunInput } from './process-run.ts';

/** What an execution of a process is given. `docs/process-runs.md` promises it to those who write workflows. */
export interface ProcessExecution {
  run_id: string;
  workspace_id: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Only when the inputs are larger than 4 KB: the object that holds them as JSON. `inputs` is empty then. */
  inputs_ref?: { bucket: string; key: string };
  files: { id: string; name: string; bucket: string; key: string; size: number }[];
}

/**
 * Follows from the run alone, so that a repeated start is the same request. `run_id` comes first: the rule
 * that sends us the status changes of processes knows their input by how it begins.
 */
export function processExecution(run: Run): ProcessExecution & Record<string, unknown> {
  const { name, inputs = {}, inputsKey, files, bucket } = processRunInput(run);
  return {
    run_id: toShortId(run.id),
    workspace_id: run.workspaceId,
    name,
    inputs,
    ...(inputsKey === undefined ? {} : { inputs_ref: { bucket, key: inputsKey } }),
    files: files.map(({ id, name: fileName, key, size }) => ({ id, name: fileName, bucket, key, size })),
  };
}

/** How the text of such an input begins. */
export const PROCESS_INPUT_PREFIX = '{"run_id":"';
