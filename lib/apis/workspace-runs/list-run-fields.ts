import { RUN_STATUSES, type Run, type RunStatus } from '../../runs/run.ts';
import { compared, type FilterField } from '../list-grammar/conditions.ts';
import type { Operator } from '../list-grammar/filters.ts';
import type { List, ListFields } from '../list-grammar/list.ts';
import { type DocumentRunInput, documentRunInput } from './document-run.ts';
import { fileTypeField } from './documents/list-file-types.ts';
import { WIRE_STATUS } from './view.ts';
import { WIRE_STATUSES } from './wire.ts';

/** A run beside what it was asked to do, which its record keeps as JSON. */
export interface ListedRun {
  run: Run;
  input: DocumentRunInput;
}
export const toListedRun = (run: Run): ListedRun => ({ run, input: documentRunInput(run) });

const EQUALITY: Operator[] = ['eq', 'ne', 'in', 'notIn'];
const EMPTINESS: Operator[] = ['isEmpty', 'isNotEmpty'];
const ORDER: Operator[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between'];

const instantOf = (at: string | undefined): number | undefined =>
  at === undefined ? undefined : Date.parse(at);
const statusOf = ({ run }: ListedRun): string => WIRE_STATUS[run.status];
const createdAt = { type: 'instant', of: ({ run }: ListedRun) => instantOf(run.createdAt) } as const;
const startedAt = { type: 'instant', of: ({ run }: ListedRun) => instantOf(run.startedAt) } as const;
const completedAt = {
  type: 'instant',
  of: ({ run }: ListedRun) => ('completedAt' in run ? instantOf(run.completedAt) : undefined),
} as const;
const status = { type: 'enum', values: WIRE_STATUSES, of: statusOf } as const;

/** Asks for the status: a run that succeeded counts as one with an output, whatever its operation. */
const hasOutput: FilterField<ListedRun> = compared({
  type: 'boolean',
  operators: ['eq', 'ne'],
  of: (item) => statusOf(item) === 'succeeded',
});

export const RUN_FIELDS: ListFields<ListedRun> = {
  sort: {
    id: { type: 'uuid', of: ({ run }) => run.id },
    createdAt,
    startedAt: { ...startedAt, nullsLast: true },
    completedAt: { ...completedAt, nullsLast: true },
    status,
  },
  filters: {
    status: compared({ ...status, operators: EQUALITY }),
    configurationId: compared({
      type: 'uuid',
      operators: EQUALITY,
      of: ({ input }) => input.configurationId,
    }),
    inputDocumentId: compared({
      type: 'uuid',
      operators: [...EQUALITY, ...EMPTINESS],
      of: ({ input }) => input.document?.id,
    }),
    createdAt: compared({ ...createdAt, operators: ORDER }),
    startedAt: compared({ ...startedAt, operators: [...ORDER, ...EMPTINESS] }),
    completedAt: compared({ ...completedAt, operators: [...ORDER, ...EMPTINESS] }),
    fileType: fileTypeField(['eq', 'in', 'notIn'], ({ input: { document } }) =>
      document === undefined ? undefined : { name: document.filename, contentType: document.contentType },
    ),
    hasOutput,
  },
  texts: (item) => [
    item.run.id,
    statusOf(item),
    item.input.configurationId,
    item.input.document?.filename ?? '',
  ],
};

/** Asking about a run's input leaves out the runs that have none, whatever is asked about it. */
export const asksForInput = ({ conditions, isSearch }: List<ListedRun>): boolean =>
  isSearch || conditions.some(({ id }) => id === 'inputDocumentId' || id === 'fileType');

/** The statuses that a run may have to be in the list; all of them when the list does not say. */
export function statusesOf({ conditions, joinOperator }: List<ListedRun>): RunStatus[] {
  const byStatus = conditions.filter(({ id }) => id === 'status' || id === 'hasOutput');
  if (byStatus.length === 0 || (joinOperator === 'or' && byStatus.length < conditions.length)) {
    return [...RUN_STATUSES];
  }
  return RUN_STATUSES.filter((word) => {
    // These two conditions look at nothing else of a run.
    const item = { run: { status: word } } as ListedRun;
    return joinOperator === 'and'
      ? byStatus.every(({ test }) => test(item))
      : byStatus.some(({ test }) => test(item));
  });
}
