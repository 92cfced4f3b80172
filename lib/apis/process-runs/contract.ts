import * as z from 'zod';
import { continuationToken, define, id, instant, listOf, name, page, Stage } from './wire.ts';

/** Every status of this API. `Created` is what a create answers with, `Pending` what the run is then. */
export const WIRE_STATUSES = [
  'Created',
  'Pending',
  'Running',
  'Succeeded',
  'Failed',
  'Cancelled',
  'TimedOut',
] as const;

/** Longest name of an input or output, in characters. */
export const MAX_VALUE_NAME = 1000;
const valueName = z.string().min(1).max(MAX_VALUE_NAME);
const Pair = z.object({ name: valueName, value: z.unknown() }).meta({ id: 'ProcessValue' });

export const ProcessRun = z
  .object({
    agent_id: z.string(),
    created_at: instant,
    file_ids: z.array(z.string()).nullable(),
    id: z.string(),
    name: z.string(),
    outputs: z.array(Pair).nullable(),
    process_id: z.string(),
    stage: Stage,
    status: z.enum(WIRE_STATUSES),
  })
  .meta({ id: 'ProcessRun' });
export type ProcessRun = z.infer<typeof ProcessRun>;

/** So many files fit into the input of an execution, whatever their names are. */
export const MAX_FILES = 100;

const inputs = z
  .union([z.array(Pair), z.record(valueName, z.unknown())], {
    error: 'should be a list of {name, value} or an object',
  })
  .meta({ id: 'ProcessInputs' });

export const StartProcessRun = z.object({
  agent_id: id,
  process_id: id,
  name,
  stage: Stage,
  file_ids: z.array(z.string()).max(MAX_FILES).nullish(),
  inputs: inputs.nullish(),
});
export type StartProcessRun = z.infer<typeof StartProcessRun>;

export const startProcessRun = define({
  operationId: 'startProcessRun',
  method: 'POST',
  path: '/runs',
  summary: 'Start a run of a process',
  permission: 'workspace.runs.manage',
  forAgentKeys: true,
  input: { body: StartProcessRun },
  headers: ['Idempotency-Key'],
  success: { status: 201, body: ProcessRun },
  errors: [404],
  starts: 'process',
  uses: { files: ['read', 'write'] },
});

export const listProcessRuns = define({
  operationId: 'listProcessRuns',
  method: 'GET',
  path: '/runs',
  summary: 'List the runs of a process, newest first',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: {
    query: z.object({
      process_id: z.string(),
      agent_id: z.string(),
      limit: page.limit,
      stage: Stage.optional(),
      continuation_token: continuationToken,
    }),
  },
  success: { status: 200, body: listOf(ProcessRun).meta({ id: 'ProcessRunList' }) },
  errors: [404],
  uses: { runsBy: 'parent' },
});

const ofRun = z.object({ run_id: z.string() });

export const getProcessRun = define({
  operationId: 'getProcessRun',
  method: 'GET',
  path: '/runs/{run_id}',
  summary: 'Read a run',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { path: ofRun },
  success: { status: 200, body: ProcessRun },
});

export const cancelProcessRun = define({
  operationId: 'cancelProcessRun',
  method: 'POST',
  path: '/runs/{run_id}/cancel',
  summary: 'Cancel a run and stop its execution',
  permission: 'workspace.runs.manage',
  forAgentKeys: true,
  input: { path: ofRun },
  success: { status: 200, body: ProcessRun },
  errors: [409, 503],
  isRepeatable: true,
  stops: 'process',
});

export const getProcessRunEvents = define({
  operationId: 'getProcessRunEvents',
  method: 'GET',
  path: '/runs/{run_id}/events',
  summary: 'Read what happened to a run, and why it failed, one JSON object per line',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { path: ofRun },
  success: { status: 200, body: 'bytes', contentType: 'application/x-ndjson' },
});
