import * as z from 'zod';
import { Instant } from '../../runs/run.ts';
import { STAGES } from './wire.ts';

const Registered = z.object({
  /** A state machine, or a version or alias of one. */
  stateMachineArn: z.string(),
  registeredAt: Instant,
});

/** Something that an agent does: a state machine of the account for each of its stages. */
export const ProcessRecord = z.object({
  /** `<agentId>#<processId>`: the processes of an agent stand together. */
  id: z.string(),
  version: z.int().min(1),
  agentId: z.string(),
  processId: z.string(),
  name: z.string(),
  stages: z.partialRecord(z.enum(STAGES), Registered),
  createdAt: Instant,
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;
