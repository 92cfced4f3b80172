import { compared, type FilterField } from '../../list-grammar/conditions.ts';
import type { Operator } from '../../list-grammar/filters.ts';
import type { List, ListFields } from '../../list-grammar/list.ts';
import { invalid } from '../../operation/refusal.ts';
import { WIRE_STATUSES } from '../wire.ts';
import type { DocumentRecord } from './document-record.ts';
import type { DocumentRow } from './documents-contract.ts';
import { fileTypeField, wordsOf } from './list-file-types.ts';

/** A document beside its row, which has the last run only in lists that ask about it. */
export interface ListedDocument {
  record: DocumentRecord;
  row: DocumentRow;
}

const EMPTINESS: Operator[] = ['isEmpty', 'isNotEmpty'];
const SET: Operator[] = ['eq', 'in', 'notIn', ...EMPTINESS];
const ORDER: Operator[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', ...EMPTINESS];

const instantOf = (at: string | undefined): number | undefined =>
  at === undefined ? undefined : Date.parse(at);
const instant = (of: (item: ListedDocument) => string | undefined) =>
  ({ type: 'instant', of: (item: ListedDocument) => instantOf(of(item)) }) as const;

const createdAt = instant(({ record }) => record.createdAt);
const updatedAt = instant(({ record }) => record.updatedAt);
const activityAt = instant(({ row }) => row.activityAt);
const lastRunAt = instant(
  ({ row: { lastRun } }) => lastRun?.completedAt ?? lastRun?.startedAt ?? lastRun?.createdAt,
);
const byteSize = { type: 'integer', of: ({ row }: ListedDocument) => row.byteSize } as const;
const source = {
  type: 'enum',
  values: ['uploaded', 'generated', 'manual'],
  of: ({ row }: ListedDocument) => row.source,
} as const;

/** How a document's last run is: a status in any casing, or `__empty__` for a document without one. */
const lastRunPhase: FilterField<ListedDocument> = {
  operators: ['eq', 'ne', 'in', 'notIn', ...EMPTINESS],
  compile({ operator, value }) {
    const phaseOf = ({ row }: ListedDocument) => row.lastRun?.status;
    if (operator === 'isEmpty') return { test: (item) => phaseOf(item) === undefined };
    if (operator === 'isNotEmpty') return { test: (item) => phaseOf(item) !== undefined };
    const asked = wordsOf(value);
    const wrong = asked.filter((word) => word !== '__empty__' && !isStatus(word));
    if (wrong.length > 0) throw invalid(`Invalid lastRunPhase value(s): ${wrong.sort().join(', ')}`);
    const isNegative = operator === 'ne' || operator === 'notIn';
    return {
      test: (item) => {
        const phase = phaseOf(item);
        if (phase === undefined) return !isNegative && asked.includes('__empty__');
        return asked.includes(phase) !== isNegative;
      },
    };
  },
};

const isStatus = (word: string): boolean => (WIRE_STATUSES as readonly string[]).includes(word);

/** Documents carry no tags here; what is asked about them has its answer all the same. */
const tags: FilterField<ListedDocument> = {
  operators: SET,
  compile({ operator, value }) {
    if (operator === 'isEmpty') return { test: ({ row }) => row.tags.length === 0 };
    if (operator === 'isNotEmpty') return { test: ({ row }) => row.tags.length > 0 };
    const asked = wordsOf(value);
    const isTagged = ({ row }: ListedDocument): boolean => row.tags.some((tag) => asked.includes(tag));
    return { test: operator === 'notIn' ? (item) => !isTagged(item) : isTagged };
  },
};

export const DOCUMENT_FIELDS: ListFields<ListedDocument> = {
  sort: {
    id: { type: 'uuid', of: ({ record }) => record.id },
    name: { type: 'text', of: ({ record }) => record.name.toLowerCase() },
    createdAt,
    updatedAt,
    deletedAt: { ...instant(({ record }) => record.deletedAt), nullsLast: true },
    activityAt: { ...activityAt, nullsLast: true },
    lastRunAt: { ...lastRunAt, nullsLast: true },
    byteSize,
    source,
  },
  filters: {
    id: compared({ type: 'uuid', operators: ['eq', 'in'], of: ({ record }) => record.id }),
    name: compared({
      type: 'text',
      operators: ['eq', 'ne', 'iLike', 'notILike', ...EMPTINESS],
      of: ({ record }) => record.name,
    }),
    lastRunPhase,
    fileType: fileTypeField(SET, ({ row }) => row),
    tags,
    assigneeId: compared({ type: 'uuid', operators: SET, of: () => undefined }),
    uploaderId: compared({ type: 'uuid', operators: SET, of: ({ record }) => record.uploader.id }),
    createdAt: compared({ ...createdAt, operators: ORDER }),
    updatedAt: compared({ ...updatedAt, operators: ORDER }),
    activityAt: compared({ ...activityAt, operators: ORDER }),
    byteSize: compared({ ...byteSize, operators: ['in', 'notIn', ...ORDER] }),
    hasOutput: compared({
      type: 'boolean',
      operators: ['eq', 'ne'],
      of: ({ record }) => record.outputVersions > 0,
    }),
    source: compared({ ...source, operators: SET }),
  },
  texts: ({ record, row }) => [record.name, record.uploader.email, ...row.tags],
};

const OF_LAST_RUN = ['activityAt', 'lastRunAt', 'lastRunPhase'];

/** Whether each document's last run must be known to tell if it is in the list, and where. */
export const asksForLastRun = ({ conditions, sort }: List<ListedDocument>): boolean =>
  conditions.some(({ id }) => OF_LAST_RUN.includes(id)) ||
  sort.some(({ name }) => OF_LAST_RUN.includes(name));
