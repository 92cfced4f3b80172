import type { Retention } from '../../runs/retention.ts';
import { fewerDays } from '../../runs/retention.ts';
import { retentionClass } from '../files/file-retention.ts';
import type { FileStore } from '../files/ports.ts';
import { Refused } from '../operation/refusal.ts';
import type { StartProcessRun } from './contract.ts';
import { MAX_INLINE_BYTES, type ProcessRunInput, toJson } from './process-run.ts';

/** Inputs as the object that the process gets. @throws Refused 400 for a name that is given twice. */
export function toInputs(inputs: StartProcessRun['inputs']): Record<string, unknown> {
  if (inputs == null) return {};
  if (!Array.isArray(inputs)) return inputs;
  const names = new Set<string>();
  for (const [index, { name }] of inputs.entries()) {
    if (names.has(name)) {
      const issues = [
        { path: `inputs[${index}].name`, message: `The input '${name.slice(0, 100)}' is given twice` },
      ];
      throw new Refused({ category: 'invalid', issues });
    }
    names.add(name);
  }
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value ?? null]));
}

/** Inputs as a run's record has them: themselves, or where they were put. */
export async function keepInputs(
  files: Pick<FileStore, 'put'>,
  run: { id: string; workspaceId: string; retention: Retention | undefined },
  inputs: Record<string, unknown>,
): Promise<Pick<ProcessRunInput, 'inputs' | 'inputsKey'>> {
  const json = toJson(inputs);
  if (json.length <= MAX_INLINE_BYTES) return { inputs };
  const inputsKey = `${run.workspaceId}/runs/${run.id}/inputs.json`;
  const days = fewerDays(run.retention?.outputsDays, run.retention?.runsDays);
  await files.put(inputsKey, json, { contentType: 'application/json', retentionDays: retentionClass(days) });
  return { inputsKey };
}
