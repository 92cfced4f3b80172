import type { KeepOutput } from '../../runs/ports.ts';
import type { Run } from '../../runs/run.ts';
import type { FileStore } from '../files/ports.ts';
import { readJson } from '../files/read-file.ts';
import { MAX_VALUE_NAME, type ProcessRun } from './contract.ts';
import { processRunResult } from './process-run.ts';
import { putAside } from './put-aside.ts';

/** The output of an execution as its run's result has it: itself, or where it was put. */
export const keepOutputs =
  (files: Pick<FileStore, 'put'>): KeepOutput =>
  async (run, output) => {
    const outputsKey = await putAside(files, run, 'outputs', output);
    return outputsKey === undefined ? { outputs: output ?? null } : { outputsKey };
  };

/** The outputs of a run: null until it has succeeded, and when there are none or they were deleted since. */
export async function outputsOf(files: Pick<FileStore, 'get'>, run: Run): Promise<ProcessRun['outputs']> {
  const { outputs, outputsKey } = processRunResult(run);
  if (outputsKey === undefined) return toPairs(outputs);
  return toPairs(await readJson(files, outputsKey));
}

/** What has no name of its own. */
const UNNAMED = 'output';

/**
 * Each member of an object is an output; anything else that a process answers with is one called `output`. A name
 * that callers are not promised is cut: it must not hide its run, and every list that the run is in.
 */
export function toPairs(output: unknown): ProcessRun['outputs'] {
  if (output === null || output === undefined) return null;
  if (typeof output !== 'object' || Array.isArray(output)) return [{ name: UNNAMED, value: output }];
  const pairs = Object.entries(output).map(([name, value]) => ({
    name: name.slice(0, MAX_VALUE_NAME) || UNNAMED,
    value: value as unknown,
  }));
  return pairs.length === 0 ? null : pairs;
}
