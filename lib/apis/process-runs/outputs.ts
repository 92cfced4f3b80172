import type { KeepOutput } from '../../runs/ports.ts';
import { fewerDays } from '../../runs/retention.ts';
import type { Run } from '../../runs/run.ts';
import { retentionClass } from '../files/file-retention.ts';
import type { FileStore } from '../files/ports.ts';
import { readFile } from '../files/read-file.ts';
import type { ProcessRun } from './contract.ts';
import { MAX_INLINE_BYTES, processRunResult, toJson } from './process-run.ts';

/** The output of an execution as its run's result has it: itself, or where it was put. */
export const keepOutputs =
  (files: Pick<FileStore, 'put'>): KeepOutput =>
  async (run, output) => {
    const json = toJson(output);
    if (json.length <= MAX_INLINE_BYTES) return { outputs: output ?? null };
    const outputsKey = `${run.workspaceId}/runs/${run.id}/outputs.json`;
    const days = fewerDays(run.retention?.outputsDays, run.retention?.runsDays);
    await files.put(outputsKey, json, {
      contentType: 'application/json',
      retentionDays: retentionClass(days),
    });
    return { outputsKey };
  };

/** The outputs of a run: null until it has succeeded, and when there are none or they were deleted since. */
export async function outputsOf(files: Pick<FileStore, 'get'>, run: Run): Promise<ProcessRun['outputs']> {
  const { outputs, outputsKey } = processRunResult(run);
  if (outputsKey === undefined) return toPairs(outputs);
  const json = await readFile(files, outputsKey);
  return json === undefined ? null : toPairs(JSON.parse(Buffer.from(json).toString('utf8')));
}

/** Each member of an object is an output; anything else that a process answers with is one called `output`. */
export function toPairs(output: unknown): ProcessRun['outputs'] {
  if (output === null || output === undefined) return null;
  if (typeof output !== 'object' || Array.isArray(output)) return [{ name: 'output', value: output }];
  const pairs = Object.entries(output).map(([name, value]) => ({ name, value: value as unknown }));
  return pairs.length === 0 ? null : pairs;
}
