import * as z from 'zod';
import type { FileStore } from '../../files/ports.ts';
import { readJson } from '../../files/read-file.ts';

const ObjectRef = z.object({ bucket: z.string(), key: z.string() });

/** The part of a process's input that the examples read. */
export const TaskInput = z.object({
  inputs: z.record(z.string(), z.unknown()).default({}),
  inputs_ref: ObjectRef.optional(),
  files: z.array(ObjectRef.extend({ name: z.string() })).default([]),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** Why a process cannot go on; the name is what its machine catches and what the run's events say. */
export class ProcessFailure extends Error {
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = code;
  }
}

/** The inputs of a run, wherever they are. */
export async function readInputs(
  files: Pick<FileStore, 'get'>,
  { inputs, inputs_ref: ref }: TaskInput,
): Promise<Record<string, unknown>> {
  if (ref === undefined) return inputs;
  const stored = await readJson(files, ref.key);
  if (stored === undefined)
    throw new ProcessFailure('inputs_missing', 'The inputs of this run were deleted.');
  return z.record(z.string(), z.unknown()).parse(stored);
}
