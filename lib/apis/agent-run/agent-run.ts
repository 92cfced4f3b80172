import * as z from 'zod';
import type { Run } from '../../runs/run.ts';

/** What a run of an agent was asked to do, without what it was given: its parent is the agent. */
const Input = z.object({
  /** The number of the version. */
  version: z.int(),
  variableNames: z.array(z.string()),
  stream: z.boolean(),
  /** As the workspace had it when the run was made. */
  keepContent: z.boolean(),
});
export type AgentRunInput = z.infer<typeof Input>;

const Result = z.object({
  usage: z
    .object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      totalTokens: z.number(),
      estimated: z.literal(true).optional(),
    })
    .optional(),
  finishReason: z.string().optional(),
  modelId: z.string().optional(),
  msToFirstToken: z.number().optional(),
  costUsd: z.number().optional(),
  /** Where what was given and answered is stored. */
  contentKey: z.string().optional(),
});
export type AgentRunResult = z.infer<typeof Result>;

export const agentRunInput = (run: Run): AgentRunInput => Input.parse(run.input);
export const agentRunResult = (run: Run): AgentRunResult =>
  Result.parse('result' in run ? (run.result ?? {}) : {});
