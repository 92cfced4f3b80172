import * as z from 'zod';
import { isTerminal } from '../../runs/lifecycle.ts';
import { isPlaceholder } from '../../runs/placeholder.ts';
import type { RunStore } from '../../runs/ports.ts';
import type { Run } from '../../runs/run.ts';
import { type Fields, LINES } from './log-lines.ts';
import type { Logger } from './ports.ts';

/**
 * The same store, which says which runs were created and which ended: where the write succeeded that made it
 * so, and thus once each, whoever else tried. A run whose execution is redriven ends again. Two that write
 * the very same record at once both succeed and say so, which is why lines have the run's id to count by.
 */
export function loggedRuns(runs: RunStore, logger: Logger): RunStore {
  return {
    insert: async (run) => {
      await runs.insert(run);
      if (!isPlaceholder(run)) logger.info(LINES.runCreated, named(run));
    },
    commit: async (next, expectedVersion, event) => {
      await runs.commit(next, expectedVersion, event);
      const isEnd = isTerminal(next.status) && event !== undefined && event.type !== 'amended';
      if (isEnd) logger.info(LINES.runEnded, ended(next));
    },
    get: (ref) => runs.get(ref),
    getMany: (refs) => runs.getMany(refs),
    list: (query) => runs.list(query),
    listByStatus: (query) => runs.listByStatus(query),
    listByParent: (query) => runs.listByParent(query),
    listOpen: (query) => runs.listOpen(query),
  };
}

/** Ids only: what a run was given and what came of it are its workspace's own. */
const named = ({ id: runId, workspaceId, kind }: Run): Fields => ({ runId, workspaceId, kind });

function ended(run: Run): Fields {
  const { status, attempt, createdAt } = run;
  const completedAt = 'completedAt' in run ? run.completedAt : createdAt;
  return {
    ...named(run),
    status,
    attempt,
    milliseconds: Date.parse(completedAt) - Date.parse(createdAt),
    ...('failure' in run && run.failure !== undefined ? { failureCode: failureCode(run, run.failure) } : {}),
    ...spent(run),
  };
}

/** What a process failed with is a name of its author's choosing; the others are ours. */
const OWN_CODES = new Set(['internal_error', 'not_started', 'out_of_reach', 'cancelled', 'timed_out']);

const failureCode = ({ kind }: Run, { code }: { code: string }): string =>
  kind === 'process' && !OWN_CODES.has(code) ? 'process_failed' : code;

/** As runs of agents and of threads tell it in their results. */
const Spent = z.object({
  modelId: z.string().optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).optional(),
});

function spent(run: Run): Fields {
  if ((run.kind !== 'agent' && run.kind !== 'thread') || !('result' in run)) return {};
  const { success, data } = Spent.safeParse(run.result);
  return success ? { ...(data.modelId === undefined ? {} : { modelId: data.modelId }), ...data.usage } : {};
}
