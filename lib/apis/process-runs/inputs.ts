import type { FileStore } from '../files/ports.ts';
import { Refused } from '../operation/refusal.ts';
import type { StartProcessRun } from './contract.ts';
import type { ProcessRunInput } from './process-run.ts';
import { type Owner, putAside } from './put-aside.ts';

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
  run: Owner,
  inputs: Record<string, unknown>,
): Promise<Pick<ProcessRunInput, 'inputs' | 'inputsKey'>> {
  const inputsKey = await putAside(files, run, 'inputs', inputs);
  return inputsKey === undefined ? { inputs } : { inputsKey };
}
