import * as z from 'zod';
import { define, id, instant, listOf, name, page, Stage } from './wire.ts';

/** A process in one of its stages: one that has both is listed twice. */
export const Process = z
  .object({ agent_id: z.string(), id: z.string(), name: z.string(), stage: Stage })
  .meta({ id: 'Process' });
export type Process = z.infer<typeof Process>;

export const Registration = z
  .object({
    agent_id: z.string(),
    id: z.string(),
    name: z.string(),
    stage: Stage,
    state_machine_arn: z.string(),
    registered_at: instant,
  })
  .meta({ id: 'ProcessRegistration' });
export type Registration = z.infer<typeof Registration>;

/** A state machine, one of its versions, or one of its aliases. */
const MACHINE_ARN = /^arn:[\w-]{1,20}:states:[\w-]{1,30}:\d{12}:stateMachine:[\w.-]{1,80}(:[\w.-]{1,80})?$/;
const stateMachineArn = z
  .string()
  .refine(
    (text) => MACHINE_ARN.test(text),
    'should be the ARN of a state machine, or of a version or alias of one',
  )
  .meta({ pattern: MACHINE_ARN.source });

export const RegisterProcess = z.object({
  agent_id: id.optional(),
  name,
  stage: Stage,
  state_machine_arn: stateMachineArn,
});
export type RegisterProcess = z.infer<typeof RegisterProcess>;

export const registerProcess = define({
  operationId: 'registerProcess',
  method: 'POST',
  path: '/processes',
  summary: 'Register a state machine as a stage of a process; the agent is made if there is none',
  permission: 'workspace.manage',
  input: { body: RegisterProcess },
  success: { status: 201, body: Registration },
  errors: [409, 503],
  uses: { looksAtMachines: true },
});

export const listProcesses = define({
  operationId: 'listProcesses',
  method: 'GET',
  path: '/processes',
  summary: 'List the processes of an agent by their stages',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { query: z.object({ agent_id: z.string(), ...page }) },
  success: { status: 200, body: listOf(Process).meta({ id: 'ProcessList' }) },
  errors: [404],
});

export const getProcess = define({
  operationId: 'getProcess',
  method: 'GET',
  path: '/processes/{process_id}',
  summary: 'Read a process; its stage is Published if it has that, else Draft',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { path: z.object({ process_id: z.string() }), query: z.object({ agent_id: z.string() }) },
  success: { status: 200, body: Process },
});
