import type { AgentRun, ProcessRun, RunResource, ThreadRun } from '../../lib/client/types.ts';
import type { Api } from './api.ts';
import { Complaint, given, oneOf, type Values } from './command.ts';
import { listed } from './print.ts';

export const RUN_APIS = ['workspace', 'process', 'thread', 'agent'] as const;
export type RunApiName = (typeof RUN_APIS)[number];

/** A run as an operator looks at it, whichever API it is of. */
export interface SeenRun {
  id: string;
  /** In the words of its API. */
  status: string;
  createdAt: string;
  /** What it is a run of. */
  of: string;
  tookMs?: number | undefined;
  /** Whether its result is any good, where its API says so. */
  evaluation?: string | undefined;
  failure?: string | undefined;
  output?: string | undefined;
  /** As the API answered. */
  run: unknown;
}

export interface RunApi {
  /** Newest first. */
  list(limit: number, status: string | undefined): Promise<SeenRun[]>;
  get(id: string): Promise<SeenRun>;
  cancel(id: string): Promise<SeenRun>;
}

/** Statuses of all four APIs after which a run can still change. Of those that are left, these are good. */
const OPEN = new Set(['queued', 'running', 'in_progress', 'Created', 'Pending', 'Running']);
const GOOD = new Set(['succeeded', 'completed', 'Succeeded']);
export const isOpen = ({ status }: Pick<SeenRun, 'status'>): boolean => OPEN.has(status);
/** A run's status with what its result is worth: `succeeded (partial)`. */
export const statusOf = ({ status, evaluation }: SeenRun): string =>
  evaluation === undefined ? status : `${status} (${evaluation})`;
export const isGood = ({ status }: Pick<SeenRun, 'status'>): boolean => GOOD.has(status);

/** Every API spells its runs' ids in its own way, but for runs of agents, which look like a workspace's. */
const SPELLINGS: [RegExp, RunApiName][] = [
  [/^run_/, 'thread'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'workspace'],
  [/^[0-9a-hjkmnp-tv-z]{26}$/, 'process'],
];

/**
 * Which API is meant: the one that is named, else the one that spells ids so, else the one whose option was
 * given. @throws Complaint for an id that is of none.
 */
export function apiOf(values: Values, id?: string): RunApiName {
  const named = oneOf(values, 'api', RUN_APIS);
  if (named !== undefined) return named;
  if (id !== undefined) {
    const spelt = SPELLINGS.find(([spelling]) => spelling.test(id))?.[1];
    if (spelt === undefined)
      throw new Complaint(`'${id}' is no id of a run: runplane runs list shows those that there are.`, 2);
    return spelt === 'workspace' && values.agent !== undefined ? 'agent' : spelt;
  }
  if (values.thread !== undefined) return 'thread';
  if (values.process !== undefined) return 'process';
  return values.agent === undefined ? 'workspace' : 'agent';
}

export const runsOf: Record<RunApiName, (api: Api) => RunApi> = {
  workspace: ({ workspace }) => ({
    list: async (limit, status) => {
      const filters =
        status === undefined ? undefined : JSON.stringify([{ id: 'status', operator: 'eq', value: status }]);
      return (await workspace.listRuns(given({ limit, filters }))).items.map(seeWorkspaceRun);
    },
    get: async (id) => seeWorkspaceRun(await workspace.getRun(id)),
    cancel: async (id) => seeWorkspaceRun(await workspace.cancelRun(id)),
  }),
  process: ({ processRuns, need }) => ({
    list: async (limit, status) => {
      refuseStatus(status);
      const [agent_id, process_id] = [need('agent', 'AGENT_ID'), need('process', 'PROCESS_ID')];
      const { items } = await processRuns.listProcessRuns({ agent_id, process_id, limit });
      return (items ?? []).map(seeProcessRun);
    },
    get: async (id) => {
      const seen = seeProcessRun(await processRuns.getProcessRun(id));
      if (isOpen(seen) || isGood(seen)) return seen;
      return { ...seen, failure: reasonIn(await processRuns.getProcessRunEvents(id).text()) };
    },
    cancel: async (id) => seeProcessRun(await processRuns.cancelProcessRun(id)),
  }),
  thread: ({ threads, need }) => {
    const thread = need('thread', 'THREAD_ID');
    return {
      list: async (limit, status) => {
        refuseStatus(status);
        return (await threads.listThreadRuns(thread, { limit })).runs.map(seeThreadRun);
      },
      get: async (id) => seeThreadRun(await threads.getThreadRun(thread, id)),
      cancel: async (id) => seeThreadRun(await threads.cancelThreadRun(thread, id)),
    };
  },
  agent: ({ agentRun, need }) => {
    const agent = need('agent', 'AGENT_ID');
    return {
      list: async (limit, status) => {
        refuseStatus(status);
        return (await agentRun.listAgentRuns(agent, { limit })).items.map(seeAgentRun);
      },
      get: async (id) => seeAgentRun(await agentRun.getAgentRun(agent, id)),
      cancel: async () => {
        throw new Complaint('A run of an agent ends with its answer: whoever asked for it can hang up.', 2);
      },
    };
  },
};

function refuseStatus(status: string | undefined): void {
  if (status !== undefined) throw new Complaint("Only a workspace's runs can be listed by their status.", 2);
}

/** The object of a process run has no member for the reason: the last line of its events does. */
function reasonIn(events: string): string | undefined {
  const last: unknown = JSON.parse(events.trimEnd().split('\n').at(-1) ?? '');
  return typeof last === 'object' && last !== null && 'message' in last ? String(last.message) : undefined;
}

function seeWorkspaceRun(run: RunResource): SeenRun {
  const { filename, size_bytes: size } = run.output;
  return {
    id: run.id,
    status: run.status,
    createdAt: run.created_at,
    of: run.input.filename ?? run.input.document_id ?? '',
    evaluation: run.evaluation_outcome ?? undefined,
    tookMs: typeof run.duration_seconds === 'number' ? run.duration_seconds * 1000 : undefined,
    failure: run.failure_message ?? undefined,
    output: run.output.ready ? `${filename} (${size} bytes)` : undefined,
    run,
  };
}

const seeProcessRun = (run: ProcessRun): SeenRun => ({
  id: run.id,
  status: run.status,
  createdAt: run.created_at,
  of: `${run.name} (${run.stage})`,
  output: run.outputs ? listed(run.outputs.map(({ name }) => name)) : undefined,
  run,
});

const seeThreadRun = (run: ThreadRun): SeenRun => ({
  id: run.runId,
  status: run.status,
  createdAt: run.createdAt,
  of: run.threadId,
  tookMs: between(run.startedAt, run.completedAt),
  failure: run.errorMessage,
  run,
});

const seeAgentRun = (run: AgentRun): SeenRun => ({
  id: run.id,
  status: run.status,
  createdAt: run.createdAt,
  of: `version ${run.version} of ${run.agentId}`,
  tookMs: between(run.startedAt, run.completedAt),
  failure: run.failure?.message,
  run,
});

const between = (start: string | null, end: string | null): number | undefined =>
  start === null || end === null ? undefined : Date.parse(end) - Date.parse(start);
