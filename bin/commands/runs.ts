import { type Api, withApi } from './api.ts';
import {
  argumentOf,
  type Command,
  type Outcome,
  optional,
  type Terminal,
  type Values,
  wholeNumber,
} from './command.ts';
import { columns, duration } from './print.ts';
import { apiOf, type RunApi, type RunApiName, runsOf, type SeenRun, statusOf } from './run-apis.ts';

/** What says where a run is, beside its id. */
export const OF_RUN = {
  api: { type: 'string' },
  agent: { type: 'string' },
  thread: { type: 'string' },
} as const;

export const BY_SPELLING =
  'Which API the run is of is seen from its id, unless --api says it. A run of a thread needs --thread (THREAD_ID), one of an agent --agent.';

/** As many as a terminal has lines. */
const DEFAULT_LIMIT = 20;
/** More than this no API gives at once. */
const MAX_LIMIT = 100;

export const listRuns: Command = {
  usage: 'runs list [--api workspace|process|thread|agent] [--status <status>] [--limit <number>]',
  summary: 'List the newest runs of the workspace, of a process, of a thread or of an agent',
  notes: `${DEFAULT_LIMIT} runs, or up to ${MAX_LIMIT} with --limit; only a workspace's can be listed by --status. --agent and --process (AGENT_ID, PROCESS_ID), --thread (THREAD_ID) or --agent say whose runs are meant, and which API's.`,
  options: { ...OF_RUN, process: { type: 'string' }, status: { type: 'string' }, limit: { type: 'string' } },
  act(values, terminal) {
    const limit = wholeNumber(values, 'limit', { max: MAX_LIMIT }) ?? DEFAULT_LIMIT;
    const name = apiOf(values);
    return withApi(values, terminal, async (api) => {
      const runs = await runsOf[name](api).list(limit, optional(values, 'status'));
      const rows = runs.map((run) => [run.id, statusOf(run), run.createdAt, run.of]);
      return {
        result: runs.map(({ run }) => run),
        sentence: rows.length === 0 ? 'There are no runs.' : columns(rows),
      };
    });
  },
};

export const getRun: Command = {
  usage: 'runs get <run id> [--thread <id>] [--agent <id>]',
  summary: 'Show a run: its status, and what came of it',
  notes: BY_SPELLING,
  options: OF_RUN,
  argument: 'run id',
  act: (values, terminal) =>
    withRun(values, terminal, async ({ runs, id }) => {
      const seen = await runs.get(id);
      return { result: seen.run, sentence: describe(seen) };
    }),
};

export const cancelRun: Command = {
  usage: 'runs cancel <run id> [--thread <id>]',
  summary: 'Cancel a run that has not ended',
  notes: BY_SPELLING,
  options: OF_RUN,
  argument: 'run id',
  act: (values, terminal) =>
    withRun(values, terminal, async ({ runs, id }) => {
      const seen = await runs.cancel(id);
      return { result: seen.run, sentence: `Run ${seen.id} is ${seen.status}.` };
    }),
};

/** A run that was named, and the API that it is of. */
export interface NamedRun {
  id: string;
  runs: RunApi;
  name: RunApiName;
  api: Api;
}

/** Does something with the run that was named. */
export function withRun(
  values: Values,
  terminal: Terminal,
  act: (named: NamedRun) => Promise<Outcome>,
): Promise<Outcome> {
  const id = argumentOf(values, 'run id');
  const name = apiOf(values, id);
  return withApi(values, terminal, (api) => act({ id, name, api, runs: runsOf[name](api) }));
}

function describe(run: SeenRun): string {
  const { id, of, createdAt, tookMs, output, failure } = run;
  const rows: [string, string | undefined][] = [
    ['run', id],
    ['of', of],
    ['status', statusOf(run)],
    ['created', createdAt],
    ['took', tookMs === undefined ? undefined : duration(tookMs)],
    ['output', output],
    ['failure', failure],
  ];
  return columns(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
