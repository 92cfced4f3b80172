import { type Receipt, sumOfReceipts } from '../../lib/apis/cost/receipt.ts';
import { mapConcurrently } from '../../lib/apis/records/map-concurrently.ts';
import { RunplaneError, type RunResource, type WorkspaceRuns } from '../../lib/client/index.ts';
import { type Api, everyItem, withApi } from './api.ts';
import { type Command, Complaint, type Outcome, optional, type Values } from './command.ts';
import { columns } from './print.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DEFAULT_PERIOD = '7d';
/** Receipts are asked for one by one, so many at a time: quick, and far below what the API lets through. */
const CONCURRENCY = 8;
/** The longest page that the API gives. */
const PAGE = 200;
const AGENT_PAGE = 100;

const OTHERS = 'Not in it: runs of processes and threads, which have no receipts (docs/cost.md).';

export const showCost: Command = {
  usage: 'cost [--run <run id> [--agent <id>]] [--since <date or period>]',
  summary: 'Say what runs have cost on AWS at list prices, unit by unit',
  notes: `Of the last ${DEFAULT_PERIOD.replace('d', ' days')}, or since a date such as 2026-11-01 or a period such as 24h or 30d; or of one run, which is an agent's with --agent. Runs of documents that succeeded and runs of agents have receipts; those of processes and threads have none.`,
  options: { run: { type: 'string' }, agent: { type: 'string' }, since: { type: 'string' } },
  act(values, terminal) {
    const runId = optional(values, 'run');
    if (runId !== undefined) {
      if (values.since !== undefined) throw new Complaint('One run needs no --since: leave it out.', 2);
      return withApi(values, terminal, (api) => costOfRun(api, runId, optional(values, 'agent')));
    }
    const since = sinceOf(values, new Date());
    return withApi(values, terminal, (api) => costSince(api, since, optional(values, 'agent')));
  },
};

/** @throws Complaint for what is neither a period nor a date, and for a time that has not come. */
function sinceOf(values: Values, now: Date): Date {
  const text = optional(values, 'since') ?? DEFAULT_PERIOD;
  const [, count, unit] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  const isDate = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text);
  const since = isDate
    ? new Date(text)
    : new Date(now.getTime() - Number(count) * (unit === 'd' ? DAY_MS : HOUR_MS));
  if (Number.isNaN(since.getTime())) {
    const example = 'a date such as 2026-11-01 or a period such as 24h or 30d';
    throw new Complaint(`--since must be ${example}, not '${text}'.`, 2);
  }
  if (since > now) throw new Complaint(`--since must be in the past, which ${text} is not.`, 2);
  return since;
}

async function costOfRun(api: Api, runId: string, agentId: string | undefined): Promise<Outcome> {
  const receipt =
    agentId === undefined
      ? await documentReceipt(api.workspace, runId)
      : ((await api.agentRun.getAgentRun(agentId, runId)).cost ?? undefined);
  if (receipt === undefined) {
    throw new Complaint(`Run ${runId} has no receipt: only a run that succeeded has one.`);
  }
  return { result: receipt, sentence: itemised(receipt) };
}

/** Receipts of the runs of one kind, and how many runs have none. */
interface Kind {
  runs: string;
  receipts: Receipt[];
  without: number;
}

async function costSince(api: Api, since: Date, agentId: string | undefined): Promise<Outcome> {
  const kinds = [
    ...(agentId === undefined ? [await documentRuns(api.workspace, since)] : []),
    await agentRuns(api, since, agentId),
  ];
  const sums = kinds.map(({ runs, receipts, without }) => {
    return { runs, withReceipt: receipts.length, withoutReceipt: without, cost: sumOfReceipts(receipts) };
  });
  const cost = sumOfReceipts(kinds.flatMap(({ receipts }) => receipts));
  const rows = sums.map(({ runs, withReceipt, withoutReceipt, cost: { total } }) => {
    const others = withoutReceipt === 0 ? '' : `${withoutReceipt} more without a receipt`;
    return [runs, String(withReceipt), dollars(total), others];
  });
  const table = columns([['runs of', 'receipts', 'dollars'], ...rows]);
  return {
    result: { since: since.toISOString(), kinds: sums, cost },
    sentence: [`Since ${since.toISOString()}`, '', table, '', itemised(cost), '', OTHERS].join('\n'),
  };
}

async function documentRuns(workspace: WorkspaceRuns, since: Date): Promise<Kind> {
  const filters = JSON.stringify([{ id: 'createdAt', operator: 'gte', value: since.toISOString() }]);
  const runs = await everyItem(workspace.listRuns({ filters, limit: PAGE }));
  const receipts = await mapConcurrently(runs, CONCURRENCY, async (run) =>
    mayHaveReceipt(run) ? documentReceipt(workspace, run.id) : undefined,
  );
  return kindOf('documents', receipts);
}

/** The others have no metrics to read it from. */
const mayHaveReceipt = ({ status, operation }: RunResource): boolean =>
  status === 'succeeded' && operation === 'process';

/** Undefined for a run without metrics: one that failed, or tried nothing, or that is not there. */
async function documentReceipt(workspace: WorkspaceRuns, runId: string): Promise<Receipt | undefined> {
  try {
    const { cost } = await workspace.getRunMetrics(runId);
    return {
      ...cost,
      items: cost.items.map(({ unit_price: unitPrice, ...item }) => ({ ...item, unitPrice })),
    };
  } catch (error) {
    const isWithout = error instanceof RunplaneError && /metrics not available/i.test(error.message);
    if (isWithout) return undefined;
    throw error;
  }
}

async function agentRuns({ agentRun }: Api, since: Date, agentId: string | undefined): Promise<Kind> {
  const agents = agentId === undefined ? await everyItem(agentRun.listAgents({ limit: AGENT_PAGE })) : [];
  const ids = agentId === undefined ? agents.map(({ id }) => id) : [agentId];
  const receipts: (Receipt | undefined)[] = [];
  for (const id of ids) {
    // Newest first: the first one that is too old ends the list.
    for await (const { createdAt, cost } of agentRun.listAgentRuns(id, { limit: AGENT_PAGE })) {
      if (Date.parse(createdAt) < since.getTime()) break;
      receipts.push(cost ?? undefined);
    }
  }
  return kindOf(agentId === undefined ? 'agents' : `agent ${agentId}`, receipts);
}

function kindOf(runs: string, all: readonly (Receipt | undefined)[]): Kind {
  const receipts = all.filter((receipt) => receipt !== undefined);
  return { runs, receipts, without: all.length - receipts.length };
}

/** Eight decimals show a single read. */
const dollars = (amount: number): string => `$${amount.toFixed(8)}`;

function itemised({ items, total, complete }: Receipt): string {
  const rows = items.map(({ unit, quantity, unitPrice, amount }) => [
    unit,
    String(quantity),
    `$${unitPrice.toFixed(10)}`,
    dollars(amount),
  ]);
  const table = columns([
    ['unit', 'quantity', 'each', 'dollars'],
    ...rows,
    ['total', '', '', dollars(total)],
  ]);
  if (complete) return table;
  return `${table}\n\nWhat was run is not known in every detail: this is an estimate, mostly too low.`;
}
