import * as z from 'zod';
import type { Run } from '../../runs/run.ts';
import { Stage } from './wire.ts';

const File = z.object({ id: z.string(), name: z.string(), key: z.string(), size: z.int().min(0) });
export type RunFile = z.infer<typeof File>;

/** What a process run is asked to do. The machine is the one that the stage had when the run was made. */
const Input = z.object({
  agentId: z.string(),
  processId: z.string(),
  stage: Stage,
  name: z.string(),
  stateMachineArn: z.string(),
  /** As they were sent. */
  fileIds: z.array(z.string()).nullable(),
  files: z.array(File),
  /** Where files are for the process: they come by bucket and key. */
  bucket: z.string(),
  /** Inputs that are too large for a record stand in the file store. */
  inputs: z.record(z.string(), z.unknown()).optional(),
  inputsKey: z.string().optional(),
});
export type ProcessRunInput = z.infer<typeof Input>;

/** `outputs` is whatever the process has answered with; too large, it stands in the file store. */
const Result = z.object({ outputs: z.unknown().optional(), outputsKey: z.string().optional() });

export const processRunInput = (run: Run): ProcessRunInput => Input.parse(run.input);

export const processRunResult = (run: Run): z.infer<typeof Result> =>
  Result.parse(run.status === 'succeeded' ? (run.result ?? {}) : {});
