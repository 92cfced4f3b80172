import type * as z from 'zod';
import { idBefore } from '../../runs/ids.ts';
import { isPlaceholder } from '../../runs/placeholder.ts';
import type { ListRuns, RunOrder, RunPage as StoredPage } from '../../runs/ports.ts';
import { RUN_STATUSES, type Run } from '../../runs/run.ts';
import { rangeOver } from '../list-grammar/conditions.ts';
import { type List, parseList } from '../list-grammar/list.ts';
import type { ListQuery } from '../list-grammar/params.ts';
import { idOrder } from '../list-grammar/sort.ts';
import { nextChunk, takePage } from '../list-grammar/take-page.ts';
import type { Platform } from '../platform.ts';
import { whatFits } from '../records/page.ts';
import { FRESH_MS } from '../records/planned-ids.ts';
import type { RunPage } from './contract.ts';
import { asksForInput, type ListedRun, RUN_FIELDS, statusesOf, toListedRun } from './list-run-fields.ts';
import { toRunResource, withoutNulls } from './view.ts';
import { toPageMeta } from './wire.ts';

type ListPlatform = Pick<Platform, 'runs' | 'documents' | 'now'>;

/** A page of runs as it was asked for. @throws Refused 422. */
export async function listDocumentRuns(
  platform: ListPlatform,
  workspaceId: string,
  query: ListQuery,
): Promise<z.infer<typeof RunPage>> {
  const parsed = parseList(query, RUN_FIELDS, platform.now());
  const list: List<ListedRun> = asksForInput(parsed)
    ? { ...parsed, matches: (item) => item.input.document !== undefined && parsed.matches(item) }
    : parsed;
  const order = idOrder(list.sort);
  const page = await takePage(list, {
    noun: 'runs',
    order,
    read: (after) => read(platform, workspaceId, list, order ?? 'newestFirst', after),
    idOf: ({ run }) => run.id,
  });
  const deleted = await deletedInputs(platform, workspaceId, page.items);
  const items = await whatFits(page.items, ({ run, input }) => {
    const documentDeleted = input.document !== undefined && deleted.has(input.document.id);
    return withoutNulls(toRunResource(run, platform.now(), { documentDeleted }));
  });
  const nextCursor = page.cursorAfter(items.length);
  return { items, meta: toPageMeta(list.limit, { ...page, nextCursor }) };
}

/** The ids of those documents of the runs that were deleted since. */
async function deletedInputs(
  platform: ListPlatform,
  workspaceId: string,
  items: readonly ListedRun[],
): Promise<Set<string>> {
  const ids = new Set(items.flatMap(({ input }) => input.document?.id ?? []));
  const documents = await platform.documents.getMany(workspaceId, [...ids]);
  for (const { id, deletedAt } of documents) if (deletedAt === undefined) ids.delete(id);
  return ids;
}

/**
 * How much older than its record a run's id may be, in milliseconds: it was fresh when the request took it up,
 * which may have taken as long again. What is read in between is left out by its own time.
 */
const PLANNED_MS = 2 * FRESH_MS;

/** The runs that may be in the list, in the order of their ids: its statuses and its time of creation. */
async function* read(
  { runs }: ListPlatform,
  workspaceId: string,
  list: List<ListedRun>,
  order: RunOrder,
  behind: string | undefined,
): AsyncGenerator<ListedRun> {
  const [first, last] = rangeOver(list.conditions, list.joinOperator, 'createdAt');
  const query: ListRuns = {
    workspaceId,
    kind: 'document',
    limit: list.limit + 1,
    order,
    after: Number.isFinite(first) ? idBefore(Math.ceil(first) - PLANNED_MS) : undefined,
    before: Number.isFinite(last) ? idBefore(Math.floor(last) + 1) : undefined,
  };
  const statuses = statusesOf(list);
  const all =
    statuses.length === RUN_STATUSES.length
      ? chunks(query, behind, (asked) => runs.list(asked))
      : merged(
          statuses.map((status) =>
            chunks(query, behind, (asked) => runs.listByStatus({ ...asked, kind: 'document', status })),
          ),
          order,
        );
  for await (const run of all) if (!isPlaceholder(run)) yield toListedRun(run);
}

/** Everything that a query finds behind an id. */
async function* chunks(
  query: ListRuns,
  behind: string | undefined,
  list: (query: ListRuns) => Promise<StoredPage>,
): AsyncGenerator<Run> {
  const isNewest = query.order !== 'oldestFirst';
  const bound = isNewest ? 'before' : 'after';
  let { limit } = query;
  let at = narrower(isNewest, query[bound], behind);
  do {
    const page = await list({ ...query, limit, [bound]: at });
    yield* page.runs;
    at = page.next;
    limit = nextChunk(limit);
  } while (at !== undefined);
}

function narrower(isNewest: boolean, bound?: string, behind?: string): string | undefined {
  if (bound === undefined || behind === undefined) return bound ?? behind;
  return bound < behind === isNewest ? bound : behind;
}

/** Lists in the order of ids as one. A run that changed while it was read may stand in two of them. */
async function* merged(lists: AsyncGenerator<Run>[], order: RunOrder): AsyncGenerator<Run> {
  const heads = await Promise.all(lists.map(async (list) => ({ list, ...(await list.next()) })));
  let last: string | undefined;
  for (;;) {
    let head: (typeof heads)[number] | undefined;
    for (const one of heads) {
      if (one.done === true) continue;
      if (head === undefined || one.value.id < head.value.id === (order === 'oldestFirst')) head = one;
    }
    if (head === undefined) return;
    if (head.value.id !== last) yield head.value;
    last = head.value.id;
    Object.assign(head, await head.list.next());
  }
}
