import type { Run } from '../../runs/run.ts';
import type { Platform } from '../platform.ts';
import { whatFits } from '../records/page.ts';
import type { Caller } from '../workspaces/workspaces.ts';
import type { ProcessRun } from './contract.ts';
import { outputsOf } from './outputs.ts';
import { pageBound, pageToken } from './page-token.ts';
import { processRunInput } from './process-run.ts';
import { findProcess, processOrAgentNotFound } from './processes.ts';
import { toProcessRun } from './view.ts';
import type { Stage } from './wire.ts';

/**
 * Runs that one request looks at for a stage. Runs of both stages stand in one list, so a page of a rare
 * stage may come back short, or empty, with a token that goes on where it stopped.
 */
const MAX_SCANNED = 1000;
/** Runs that are read at a time, which is also the longest page. */
const STRETCH = 100;
/** Large outputs that are read from the file store at the same time. */
const CONCURRENCY = 10;

export interface ListProcessRuns {
  process_id: string;
  agent_id: string;
  limit: number;
  stage?: Stage | undefined;
  continuation_token?: string | undefined;
}

type Lister = Pick<Platform, 'processes' | 'runs' | 'files'>;

/** Newest first. @throws Refused 400 for a token of another query, then 404 for the process. */
export async function listProcessRuns(
  platform: Lister,
  caller: Caller,
  query: ListProcessRuns,
): Promise<{ continuation_token: string | null; items: ProcessRun[] }> {
  const { agent_id: agentId, process_id: processId, stage, limit } = query;
  const bounds = [caller.workspaceId, 'runs', agentId, processId, stage ?? ''];
  const before = pageBound(bounds, query.continuation_token);
  if ((await findProcess(platform, caller, agentId, processId)) === undefined) throw processOrAgentNotFound();
  const { runs, next } = await take(platform, {
    workspaceId: caller.workspaceId,
    processId,
    stage,
    limit,
    before,
  });
  const toItem = async (run: Run): Promise<ProcessRun> =>
    toProcessRun(run, await outputsOf(platform.files, run));
  const items = await whatFits(runs, toItem, CONCURRENCY);
  const end = items.length < runs.length ? runs[items.length - 1]?.id : next;
  return { continuation_token: end === undefined ? null : pageToken(bounds, end), items };
}

interface Take {
  workspaceId: string;
  processId: string;
  stage: Stage | undefined;
  limit: number;
  before: string | undefined;
}

/** A page and, unless nothing is left, the run after which the next one begins. */
async function take(
  platform: Pick<Platform, 'runs'>,
  { workspaceId, processId, stage, limit, before }: Take,
): Promise<{ runs: Run[]; next?: string | undefined }> {
  const found: Run[] = [];
  let at = before;
  for (let scanned = 0; scanned < MAX_SCANNED; ) {
    // One more than the page tells whether there is another one.
    const stretch = stage === undefined ? limit + 1 : STRETCH;
    const page = await platform.runs.listByParent({
      workspaceId,
      kind: 'process',
      parentId: processId,
      limit: stretch,
      before: at,
    });
    scanned += page.runs.length;
    found.push(...page.runs.filter((run) => stage === undefined || processRunInput(run).stage === stage));
    if (found.length > limit) return { runs: found.slice(0, limit), next: found[limit - 1]?.id };
    if (page.next === undefined) return { runs: found };
    at = page.next;
  }
  return { runs: found, next: at };
}
