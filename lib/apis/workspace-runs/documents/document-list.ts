import type * as z from 'zod';
import { idBefore } from '../../../runs/ids.ts';
import { isPlaceholder } from '../../../runs/placeholder.ts';
import type { Run } from '../../../runs/run.ts';
import { rangeOver } from '../../list-grammar/conditions.ts';
import { type List, parseList } from '../../list-grammar/list.ts';
import { idOrder } from '../../list-grammar/sort.ts';
import { nextChunk, takePage } from '../../list-grammar/take-page.ts';
import { bytesOf } from '../../operation/answer-size.ts';
import type { Platform } from '../../platform.ts';
import { whatFits } from '../../records/page.ts';
import { withCorrections } from '../corrections/corrected-columns.ts';
import { columnsIn, fieldsIn, readReport } from '../outputs/stored-report.ts';
import { toDocumentRow } from '../view.ts';
import { toPageMeta } from '../wire.ts';
import type { DocumentRecord } from './document-record.ts';
import type { DocumentListQuery, DocumentPage, DocumentRow } from './documents-contract.ts';
import { asksForLastRun, DOCUMENT_FIELDS, type ListedDocument } from './list-document-fields.ts';

type ListPlatform = Pick<Platform, 'documents' | 'runs' | 'corrections' | 'files' | 'now'>;

/** Reports that are read at the same time, of a page of up to 200 documents. */
const REPORT_CONCURRENCY = 20;

/** A page of documents as it was asked for, each with its latest run. @throws Refused 422. */
export async function listDocuments(
  platform: ListPlatform,
  workspaceId: string,
  query: DocumentListQuery,
): Promise<z.infer<typeof DocumentPage>> {
  const parsed = parseList(query, DOCUMENT_FIELDS, platform.now());
  const isDeleted = query.lifecycle === 'deleted';
  const list: List<ListedDocument> = {
    ...parsed,
    matches: (item) => (item.record.deletedAt !== undefined) === isDeleted && parsed.matches(item),
  };
  const order = idOrder(list.sort);
  const page = await takePage(list, {
    noun: 'documents',
    // Records are read newest first only; the other way round they are put in order here.
    order: order === 'newestFirst' ? order : undefined,
    read: (after) => read(platform, workspaceId, list, after),
    idOf: ({ record }) => record.id,
  });
  const items = await toRows(platform, workspaceId, page.items, query);
  const nextCursor = page.cursorAfter(items.length);
  return { items, meta: toPageMeta(list.limit, { ...page, nextCursor }) };
}

/** The documents that may be in the list, newest first, with their last runs if the list asks about them. */
async function* read(
  platform: ListPlatform,
  workspaceId: string,
  list: List<ListedDocument>,
  after: string | undefined,
): AsyncGenerator<ListedDocument> {
  const withRuns = asksForLastRun(list);
  const [first, last] = rangeOver(list.conditions, list.joinOperator, 'createdAt');
  const oldest = idBefore(Math.ceil(Math.max(first, 0)));
  const newest = Number.isFinite(last) ? idBefore(Math.floor(last) + 1) : undefined;
  let before = newest !== undefined && (after === undefined || newest < after) ? newest : after;
  let limit = list.limit + 1;
  do {
    const page = await platform.documents.list(workspaceId, { limit, before });
    const runs = withRuns ? await lastRunsOf(platform, workspaceId, page.records) : new Map<string, Run>();
    for (const record of page.records) {
      if (record.id < oldest) return;
      yield { record, row: toDocumentRow(workspaceId, record, runs.get(record.id)) };
    }
    before = page.next;
    limit = nextChunk(limit);
  } while (before !== undefined);
}

/** The latest run of each document that has one, by the document's id, in one go. */
async function lastRunsOf(
  { runs }: ListPlatform,
  workspaceId: string,
  documents: readonly DocumentRecord[],
): Promise<Map<string, Run>> {
  const refs = documents.flatMap(({ lastRunId }) =>
    lastRunId === undefined ? [] : [{ workspaceId, kind: 'document' as const, runId: lastRunId }],
  );
  const found = new Map((await runs.getMany(refs)).map((run) => [run.id, run]));
  return new Map(
    documents.flatMap(({ id, lastRunId }): [string, Run][] => {
      const run = found.get(lastRunId ?? '');
      return run === undefined || isPlaceholder(run) ? [] : [[id, run]];
    }),
  );
}

/** What of each document's last run is shown beside it. */
type Shown = Pick<DocumentListQuery, 'includeRunMetrics' | 'includeRunTableColumns' | 'includeRunFields'>;

async function toRows(
  platform: ListPlatform,
  workspaceId: string,
  items: readonly ListedDocument[],
  shown: Shown,
): Promise<DocumentRow[]> {
  const documents = items.map(({ record }) => record);
  const runs = await lastRunsOf(platform, workspaceId, documents);
  const toRow = async (document: DocumentRecord): Promise<DocumentRow> => {
    const run = runs.get(document.id);
    return {
      ...toDocumentRow(workspaceId, document, run),
      ...(document.deletedAt === undefined ? {} : { deletedAt: document.deletedAt }),
      ...(run === undefined ? {} : await resultsOf(platform, run, shown)),
    };
  };
  return whatFits(documents, toRow, REPORT_CONCURRENCY);
}

/** What the columns of a run may take of a row; of one that has more, they are read by themselves, page by page. */
export const MAX_COLUMNS_BYTES = 500_000;

async function resultsOf(platform: ListPlatform, run: Run, shown: Shown): Promise<Partial<DocumentRow>> {
  const { includeRunMetrics, includeRunTableColumns, includeRunFields } = shown;
  if (!includeRunMetrics && !includeRunTableColumns && !includeRunFields) return {};
  const report = await readReport(platform, run);
  if (report === undefined) return {};
  const columns = includeRunTableColumns
    ? columnsIn({ columns: await withCorrections(platform, run, report.columns) })
    : undefined;
  return {
    ...(includeRunMetrics ? { lastRunMetrics: report.metrics } : {}),
    ...(columns === undefined || bytesOf(columns) > MAX_COLUMNS_BYTES
      ? {}
      : { lastRunTableColumns: columns }),
    ...(includeRunFields ? { lastRunFields: fieldsIn(report) } : {}),
  };
}
