import { RunsError } from '../../runs/errors.ts';
import type { ListRuns, RunPage, RunStore } from '../../runs/ports.ts';
import { isOpen, Run, type RunKind, type RunRef, type RunStatus, refOf } from '../../runs/run.ts';
import { ABSENT, atVersion, getItem, getItems, type Item, putItem, queryItems, type Table } from './items.ts';
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

export interface ListRunsByStatus extends ListRuns {
  status: RunStatus;
}

/** Document runs are not indexed by their document. */
export interface ListRunsByParent extends ListRuns {
  kind: Exclude<RunKind, 'document'>;
  parentId: string;
}

/** Filtered lists that cost what they return. Newest first by id, like `RunStore.list`. */
export interface RunIndexes {
  listByStatus(query: ListRunsByStatus): Promise<RunPage>;
  listByParent(query: ListRunsByParent): Promise<RunPage>;
}

/** Runs as single items, written only under a condition. */
export class DynamoRunStore implements RunStore, RunIndexes {
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

  async commit(next: Run, expectedVersion: number): Promise<void> {
    const { done } = await putItem(this.#table, toItem(next), atVersion(expectedVersion));
    if (!done) throw new RunsError('stale_run', { runId: next.id });
  }

  async list({ workspaceId, kind, limit, before }: ListRuns): Promise<RunPage> {
    const query = newestFirst('pk', runPartition(workspaceId, kind), before);
    const items = await queryItems(this.#table, { ...query, ConsistentRead: true }, limit + 1);
    return toPage(items.map(fromItem), limit);
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
    const { workspaceId, kind, status, limit, before } = query;
    if (status === 'queued' || status === 'running') return this.#listOpenByStatus(query);
    const partition = outcomePartition(workspaceId, kind, status);
    return this.#listIndex('byOutcome', newestFirst('outcome', partition, before), limit);
  }

  listByParent({ workspaceId, kind, parentId, limit, before }: ListRunsByParent): Promise<RunPage> {
    const partition = parentPartition(workspaceId, kind, parentId);
    return this.#listIndex('byParent', newestFirst('parent', partition, before), limit);
  }

  async #listIndex(index: IndexName, query: ReturnType<typeof newestFirst>, limit: number): Promise<RunPage> {
    const keys = await queryItems(this.#table, { ...query, IndexName: index }, limit + 1);
    const items = await getItems(this.#table, keys);
    return toPage(items.map(fromItem), limit);
  }

  /** Open runs stand by lease, so all of the workspace's are sought and then ordered; they are few. */
  async #listOpenByStatus(query: ListRunsByStatus): Promise<RunPage> {
    const { workspaceId, kind, status, limit, before } = query;
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
      .filter(({ sk }) => before === undefined || sk < before)
      .sort((one, other) => (one.sk < other.sk ? 1 : -1));
    const runs: Run[] = [];
    // Each stretch is as long as the page, so a page of running runs rarely reads the queued ones behind it.
    for (let at = 0; at < keys.length && runs.length <= limit; at += limit + 1) {
      const items = await getItems(this.#table, keys.slice(at, at + limit + 1));
      runs.push(...items.map(fromItem).filter((run) => run.status === status));
    }
    return toPage(runs, limit);
  }
}

/** A query's conditions for a partition, newest id first, older than `before`. */
const newestFirst = (attribute: 'pk' | 'outcome' | 'parent', partition: string, before?: string) => ({
  KeyConditionExpression:
    before === undefined ? '#partition = :partition' : '#partition = :partition AND sk < :before',
  ExpressionAttributeNames: { '#partition': attribute },
  ExpressionAttributeValues: {
    ':partition': partition,
    ...(before === undefined ? {} : { ':before': before }),
  },
  ScanIndexForward: false,
});

/** Of `limit + 1` runs the last only tells that there are more. */
function toPage(found: Run[], limit: number): RunPage {
  const runs = found.slice(0, limit);
  return found.length > limit ? { runs, next: runs.at(-1)?.id } : { runs };
}

/** The members of a run that are JSON objects, kept as text. */
const JSON_MEMBERS: readonly string[] = ['input', 'failure', 'result'] satisfies (keyof Failed)[];
type Failed = Extract<Run, { status: 'failed' }>;

/** A run without what its key says, and with what its indexes need. */
function toItem(run: Run): Item {
  const { id: _id, kind, workspaceId, ...members } = run;
  const indexed = {
    openShard: isOpen(run) ? openPartition(workspaceId) : undefined,
    outcome: isOpen(run) ? undefined : outcomePartition(workspaceId, kind, run.status),
    parent: kind === 'document' ? undefined : parentPartition(workspaceId, kind, run.parentId),
  };
  const entries = Object.entries({ ...runKey(refOf(run)), ...members, ...indexed }).flatMap(
    ([name, value]) => {
      if (value === undefined) return [];
      return [[name, JSON_MEMBERS.includes(name) ? JSON.stringify(value) : value]];
    },
  );
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
