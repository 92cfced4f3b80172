import * as z from 'zod';
import { Message, ModelName } from '../../agents/index.ts';
import { receiptSchema } from '../cost/schema.ts';
import { SECOND_NAME } from '../operation/wire-schema.ts';
import { runDialect } from './dialect.ts';
import { define, instant, ofAgent, page, pageSchema } from './wire.ts';

const MAX_EXTRA_MESSAGES = 200;
export const MAX_VARIABLES = 200;
export const MAX_VARIABLE_NAME = 200;

/**
 * What a caller may set in place of the version's own. The model is named alone, or with its provider as a
 * version has it.
 */
export const Overrides = z.object(
  {
    model: z
      .union(
        [
          ModelName,
          z.object({ provider_id: z.string().min(1).max(100).optional(), name: ModelName.optional() }),
        ],
        { error: 'must be the name of a model, or an object with provider_id and name' },
      )
      .optional(),
    temperature: z.number({ error: 'must be a number from 0 to 2' }).min(0).max(2).optional(),
    maxOutputTokens: z.int({ error: 'must be a whole number' }).min(1).max(1_000_000).optional(),
    max_output_tokens: z
      .int({ error: 'must be a whole number' })
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ [SECOND_NAME]: true }),
  },
  { error: 'must be an object' },
);

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members that are not named here are ignored, as the clients of the original expect. */
export const RunAgent = z.preprocess(
  // Whatever is no object has no `agent_id`, and is told so.
  (body) => (isObject(body) ? body : {}),
  z.object({
    agent_id: z
      .string({
        error: ({ input }) => (input === undefined || input === null ? 'is required' : 'must be a string'),
      })
      .min(1, { error: 'is required' }),
    variables: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], { error: 'must be a string, a number or a boolean' }),
        { error: 'must be an object of strings, numbers and booleans' },
      )
      // The names are part of the run's record, which is one item of the table.
      .refine((variables) => {
        const names = Object.keys(variables);
        return names.length <= MAX_VARIABLES && names.every((name) => name.length <= MAX_VARIABLE_NAME);
      }, `must have at most ${MAX_VARIABLES} names of at most ${MAX_VARIABLE_NAME} characters`)
      .default({}),
    stream: z.boolean({ error: 'must be a boolean' }).default(false),
    overrides: Overrides.optional(),
    extra_messages: z
      .array(Message, { error: 'must be a list of messages' })
      .max(MAX_EXTRA_MESSAGES)
      .optional(),
  }),
);
export type RunAgent = z.infer<typeof RunAgent>;

/** What a run that is not streamed answers with; `finishReason` only when it is not `stop`. */
export const AgentAnswer = z
  .object({
    messages: z.array(z.object({ role: z.literal('assistant'), content: z.string() })),
    text: z.string(),
    finishReason: z.string().optional(),
  })
  .meta({ id: 'AgentAnswer' });
export type AgentAnswer = z.infer<typeof AgentAnswer>;

export const runAgent = define({
  operationId: 'runAgent',
  method: 'POST',
  path: '/api/v1/run',
  summary: 'Run the deployed version of an agent, and answer at its end or token by token',
  permission: 'workspace.runs.manage',
  forAgentKeys: true,
  input: { body: RunAgent },
  headers: ['Idempotency-Key'],
  success: { status: 200, body: 'events', contentType: 'text/event-stream', json: AgentAnswer },
  errors: [404],
  timeoutSeconds: 900,
  uses: { files: ['read', 'write', 'remove'] },
  dialect: runDialect,
});

export const AGENT_RUN_STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
] as const;

export const AgentRunCost = receiptSchema(
  { unitPrice: z.number() },
  'what the tokens of its model cost',
).meta({
  id: 'AgentRunCost',
  description:
    'What AWS charges for the run at list prices of us-east-1, its model included, as far as its record tells. Amounts are exact to a trillionth of a dollar. Not in it: whatever reads the record, storage, logs and data transfer, and what a worker reads while it waits for the model.',
});

const runMembers = {
  id: z.uuid(),
  agentId: z.string(),
  /** The number of the version that ran. */
  version: z.int(),
  status: z.enum(AGENT_RUN_STATUSES),
  stream: z.boolean(),
  /** The names of the variables that were given; their values are content. */
  variableNames: z.array(z.string()),
  modelId: z.string().nullable(),
  finishReason: z.string().nullable(),
  usage: z
    .object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      totalTokens: z.number(),
      /** Counted from the texts, because the provider did not say. */
      estimated: z.boolean(),
    })
    .nullable(),
  msToFirstToken: z.number().nullable(),
  /** Of the tokens, at list prices; null for a model whose price is not known. */
  costUsd: z.number().nullable(),
  /** Of everything that the record tells of; null while the run is open. */
  cost: AgentRunCost.nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  completedAt: instant.nullable(),
  /** Whether what was given and answered is stored. */
  hasContent: z.boolean(),
};

export const AgentRun = z.object(runMembers).meta({ id: 'AgentRun' });
export type AgentRun = z.infer<typeof AgentRun>;

export const AgentRunContent = z.object({
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  extraMessages: z.array(Message),
  /** The answer, or as much of it as there was. */
  text: z.string(),
});
export type AgentRunContent = z.infer<typeof AgentRunContent>;

export const AgentRunDetails = z
  .object({ ...runMembers, content: AgentRunContent.nullable() })
  .meta({ id: 'AgentRunDetails' });

export const listAgentRuns = define({
  operationId: 'listAgentRuns',
  method: 'GET',
  path: '/api/v1/agents/{agentId}/runs',
  summary: 'List the runs of an agent, newest first',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { path: ofAgent, query: page },
  success: { status: 200, body: pageSchema(AgentRun).meta({ id: 'AgentRunPage' }) },
  uses: { runsBy: 'parent' },
});

export const getAgentRun = define({
  operationId: 'getAgentRun',
  method: 'GET',
  path: '/api/v1/agents/{agentId}/runs/{runId}',
  summary: 'Read a run of an agent, with its content if that was kept',
  permission: 'workspace.runs.read',
  forAgentKeys: true,
  input: { path: z.object({ agentId: z.string(), runId: z.string() }) },
  success: { status: 200, body: AgentRunDetails },
});
