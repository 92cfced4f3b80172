import { RunsError } from '../../../runs/errors.ts';
import { isPlaceholder } from '../../../runs/placeholder.ts';
import type { ListRuns, ListRunsByParent, ListRunsByStatus, RunPage, RunStore } from '../../../runs/ports.ts';
import { runExpiresAt } from '../../../runs/retention.ts';
import { isOpen, Run, type RunRef, refOf } from '../../../runs/run.ts';
import {
  ABSENT,
  atVersion,
  getItem,
  getItems,
  type Item,
  putItem,
  queryItems,
  type Table,
  timeToLive,
} from './items.ts';
import {
  openPartition,
  openPartitions,
  outcomePartition,
  parentPartition,
  refOfRunKey,
  runKey,
  runPartition,
} from './keys.ts';
import type { IndexName } from './table.ts';

/** Runs as single items, written only under a condition. */
export class DynamoRunStore implements RunStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async insert(run: Run): Promise<void> {
    const { done } = await putItem(this.#table, toItem(run), ABSENT);
    if (!done) throw new RunsError('run_exists', { runId: run.id });
  }

  async get(ref: RunRef): Promise<Run | undefined> {
    const item = await getItem(this.#table, runKey(ref));
    return item === undefined ? undefined : fromItem(item);
  }

  async getMany(refs: readonly RunRef[]): Promise<Run[]> {
    return (await getItems(this.#table, refs.map(runKey))).map(fromItem);
  }

  async commit(next: Run, expectedVersion: number): Promise<void> {
    const { done } = await putItem(this.#table, toItem(next), atVersion(expectedVersion));
    if (!done) throw new RunsError('stale_run', { runId: next.id });
  }

  async list(query: ListRuns): Promise<RunPage> {
    const partition = runPartition(query.workspaceId, query.kind);
    const items = await this.#queryIds('pk', partition, query, { ConsistentRead: true });
    return toPage(items.map(fromItem), query.limit);
  }

  async listOpen({ leaseBefore, limit }: { leaseBefore: string; limit: number }): Promise<RunRef[]> {
    const shards = await Promise.all(
      openPartitions.map((shard) =>
        queryItems(
          this.#table,
          {
            IndexName: 'open' satisfies IndexName,
            KeyConditionExpression: 'openShard = :shard AND leaseUntil <= :before',
            ExpressionAttributeValues: { ':shard': shard, ':before': leaseBefore },
          },
          limit,
        ),
      ),
    );
    return shards
      .flat()
      .sort((one, other) => (String(one.leaseUntil) < String(other.leaseUntil) ? -1 : 1))
      .slice(0, limit)
      .map((item) => refOfRunKey(item) as RunRef);
  }

  listByStatus(query: ListRunsByStatus): Promise<RunPage> {
    const { workspaceId, kind, status } = query;
    if (status === 'queued' || status === 'running') return this.#listOpenByStatus(query);
    return this.#listIndex('byOutcome', 'outcome', outcomePartition(workspaceId, kind, status), query);
  }

  listByParent(query: ListRunsByParent): Promise<RunPage> {
    const { workspaceId, kind, parentId } = query;
    return this.#listIndex('byParent', 'parent', parentPartition(workspaceId, kind, parentId), query);
  }

  async #listIndex(
    index: IndexName,
    attribute: 'outcome' | 'parent',
    partition: string,
    query: ListRuns,
  ): Promise<RunPage> {
    const keys = await this.#queryIds(attribute, partition, query, { IndexName: index });
    const items = await getItems(this.#table, keys);
    return toPage(items.map(fromItem), query.limit);
  }

  /** One item more than the page, of a partition that is sorted by run id. */
  async #queryIds(
    attribute: 'pk' | 'outcome' | 'parent',
    partition: string,
    { limit, order, before, after }: ListRuns,
    how: { ConsistentRead: true } | { IndexName: IndexName },
  ): Promise<Item[]> {
    if (before !== undefined && after !== undefined && before <= after) return [];
    const range = RANGES[`${before === undefined ? '' : 'before'}${after === undefined ? '' : 'after'}`];
    const items = await queryItems(
      this.#table,
      {
        ...how,
        KeyConditionExpression: `#partition = :partition${range}`,
        ExpressionAttributeNames: { '#partition': attribute },
        ExpressionAttributeValues: {
          ':partition': partition,
          ...(before === undefined ? {} : { ':before': before }),
          ...(after === undefined ? {} : { ':after': after }),
        },
        ScanIndexForward: order === 'oldestFirst',
      },
      // BETWEEN, the only condition for both ends, includes them: at most one of each is read in vain.
      limit + (before === undefined || after === undefined ? 1 : 3),
    );
    return items.filter(({ sk }) => sk !== before && sk !== after);
  }

  /** Open runs stand by lease, so all of the workspace's are sought and then ordered; they are few. */
  async #listOpenByStatus(query: ListRunsByStatus): Promise<RunPage> {
    const { workspaceId, kind, status, limit, order, before, after } = query;
    const open = await queryItems(this.#table, {
      IndexName: 'open' satisfies IndexName,
      KeyConditionExpression: 'openShard = :shard',
      FilterExpression: 'pk = :partition',
      ExpressionAttributeValues: {
        ':shard': openPartition(workspaceId),
        ':partition': runPartition(workspaceId, kind),
      },
    });
    const keys = open
      .filter(({ sk }) => (before === undefined || sk < before) && (after === undefined || sk > after))
      .sort((one, other) => (one.sk < other.sk === (order === 'oldestFirst') ? -1 : 1));
    const runs: Run[] = [];
    // Each stretch is as long as the page, so a page of running runs rarely reads the queued ones behind it.
    for (let at = 0; at < keys.length && runs.length <= limit; at += limit + 1) {
      const items = await getItems(this.#table, keys.slice(at, at + limit + 1));
      runs.push(...items.map(fromItem).filter((run) => run.status === status));
    }
    return toPage(runs, limit);
  }
}

/** What a query says about the id, by which of its bounds are given. */
const RANGES = {
  '': '',
  before: ' AND sk < :before',
  after: ' AND sk > :after',
  beforeafter: ' AND sk BETWEEN :after AND :before',
} as const;

/** Of `limit + 1` runs the last only tells that there are more. */
function toPage(found: Run[], limit: number): RunPage {
  const runs = found.slice(0, limit);
  return found.length > limit ? { runs, next: runs.at(-1)?.id } : { runs };
}

/** The members of a run that are JSON objects, kept as text. */
const JSON_MEMBERS: readonly string[] = [
  'input',
  'failure',
  'result',
  'retention',
] satisfies (keyof Failed)[];
type Failed = Extract<Run, { status: 'failed' }>;

/** A run without what its key says, and with what its indexes need. */
function toItem(run: Run): Item {
  const { id: _id, kind, workspaceId, ...members } = run;
  const indexed = {
    // Those that the sweeper looks at: open ones, and the few that ended and whose log is yet to be closed.
    openShard: run.leaseUntil === undefined ? undefined : openPartition(workspaceId),
    outcome:
      kind !== 'document' || isOpen(run) || isPlaceholder(run)
        ? undefined
        : outcomePartition(workspaceId, kind, run.status),
    parent: kind === 'document' ? undefined : parentPartition(workspaceId, kind, run.parentId),
  };
  const entries = Object.entries({
    ...runKey(refOf(run)),
    ...members,
    ...indexed,
    ...timeToLive(runExpiresAt(run)),
  }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, JSON_MEMBERS.includes(name) ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries) as Item;
}

function fromItem(item: Item): Run {
  const { runId, ...names } = refOfRunKey(item);
  const members = Object.entries(item).map(([name, value]): [string, unknown] => [
    name,
    JSON_MEMBERS.includes(name) ? JSON.parse(String(value)) : value,
  ]);
  return Run.parse({ ...Object.fromEntries(members), ...names, id: runId });
}
