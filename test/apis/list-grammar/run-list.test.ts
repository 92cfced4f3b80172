import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUN_STATUSES, Run } from '../../../lib/runs/run.ts';
import { aRun } from '../../support/builders.ts';
import { chanceOf } from '../../support/chance.ts';
import { everyPage, NOW, openRunList, type RunList } from './stored-runs.ts';

const WORKSPACE = uuid();
const next = chanceOf(20260515);
const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
const chance = (share: number): boolean => next() < share;

const CONFIGURATIONS = [uuid(), uuid(), uuid()];
const FILES = ['Roster May.xlsx', '100%_done.csv', 'back\\slash.pdf', 'notes', 'ÄÖÜ.XLS'];
const DOCUMENTS = FILES.map((filename) => ({ id: uuid(), filename }));
const HOUR = 3_600_000;

/** Some 300 runs within thirty days, of few moments, so that many are made in the same millisecond. */
const MOMENTS = Array.from({ length: 120 }, () => NOW.getTime() - Math.floor(next() * 30 * 24) * HOUR);
const RUNS: Run[] = Array.from({ length: 300 }, () => {
  const created = pick(MOMENTS);
  const status = pick(RUN_STATUSES);
  const startedAt = new Date(created + Math.floor(next() * 3) * HOUR).toISOString();
  const isStarted = !['queued', 'cancelled'].includes(status) || chance(0.3);
  const isEnded = !['queued', 'running'].includes(status);
  const document = chance(0.8) ? pick(DOCUMENTS) : undefined;
  const made = aRun({
    status,
    workspaceId: WORKSPACE,
    id: uuid({ msecs: created }),
    createdAt: new Date(created).toISOString(),
    input: {
      operation: document === undefined ? 'validate' : 'process',
      configurationId: pick(CONFIGURATIONS),
      ...(document && {
        document: {
          ...document,
          versionId: uuid(),
          no: 1,
          contentType: 'application/octet-stream',
          byteSize: 1,
          fileKey: 'k',
        },
      }),
    },
    ...(isEnded ? { completedAt: new Date(created + Math.floor(next() * 9) * HOUR).toISOString() } : {}),
  });
  const { startedAt: _startedAt, ...never } = made;
  return Run.parse(isStarted ? { ...made, startedAt } : never);
});

interface Plain {
  id: string;
  status: string;
  createdAt: string;
  startedAt?: string;
  completedAt?: string;
  configurationId: string;
  documentId?: string;
  filename?: string;
}
const PLAIN: Plain[] = RUNS.map((run) => {
  const { configurationId, document } = run.input as {
    configurationId: string;
    document?: { id: string; filename: string };
  };
  return {
    id: run.id,
    status: run.status === 'timed_out' ? 'failed' : run.status,
    createdAt: run.createdAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...('completedAt' in run ? { completedAt: run.completedAt } : {}),
    configurationId,
    ...(document && { documentId: document.id, filename: document.filename }),
  };
});

type Asked = { id: string; operator: string; value?: unknown };
const instant = (): string => new Date(pick(MOMENTS) + Math.floor(next() * 2) * HOUR).toISOString();
const statuses = (): string[] =>
  ['queued', 'running', 'succeeded', 'failed', 'cancelled'].filter(() => chance(0.4));

/** A filter, and what it means said in the plainest way. */
const MAKERS: (() => [Asked, (run: Plain) => boolean])[] = [
  () => {
    const value = pick(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
    const operator = pick(['eq', 'ne']);
    return [{ id: 'status', operator, value }, (run) => (run.status === value) === (operator === 'eq')];
  },
  () => {
    const value = [...statuses(), 'failed'];
    const operator = pick(['in', 'notIn', 'inArray', 'notInArray']);
    return [
      { id: 'status', operator, value },
      (run) => value.includes(run.status) === operator.startsWith('in'),
    ];
  },
  () => {
    const value = pick(CONFIGURATIONS);
    const operator = pick(['eq', 'ne']);
    return [
      { id: 'configurationId', operator, value },
      (run) => (run.configurationId === value) === (operator === 'eq'),
    ];
  },
  () => {
    const { id: value } = pick(DOCUMENTS);
    return [{ id: 'inputDocumentId', operator: 'eq', value }, (run) => run.documentId === value];
  },
  () => {
    const field = pick(['createdAt', 'startedAt', 'completedAt'] as const);
    const [operator, holds] = pick([
      ['lt', (at: string, value: string) => at < value],
      ['lte', (at: string, value: string) => at <= value],
      ['gt', (at: string, value: string) => at > value],
      ['gte', (at: string, value: string) => at >= value],
      ['eq', (at: string, value: string) => at === value],
      ['ne', (at: string, value: string) => at !== value],
    ] as const);
    const value = instant();
    return [
      { id: field, operator, value: chance(0.5) ? value : Date.parse(value) },
      (run) => run[field] !== undefined && holds(run[field], value),
    ];
  },
  () => {
    const field = pick(['createdAt', 'completedAt'] as const);
    const [first, last] = [instant(), instant()].sort() as [string, string];
    return [
      { id: field, operator: pick(['between', 'isBetween']), value: [first, last] },
      (run) => run[field] !== undefined && run[field] >= first && run[field] <= last,
    ];
  },
  () => {
    const field = pick(['startedAt', 'completedAt'] as const);
    const operator = pick(['isEmpty', 'isNotEmpty']);
    return [{ id: field, operator }, (run) => (run[field] === undefined) === (operator === 'isEmpty')];
  },
  () => {
    const value = chance(0.5);
    return [{ id: 'hasOutput', operator: 'eq', value }, (run) => (run.status === 'succeeded') === value];
  },
  () => [
    { id: 'fileType', operator: 'in', value: ['csv', 'xls'] },
    (run) => /\.(csv|xls)$/i.test(run.filename ?? ''),
  ],
];

const SORTS = ['id', 'createdAt', 'startedAt', 'completedAt', 'status'] as const;

/** The list as anybody would write it over an array. */
function naive(
  runs: readonly Plain[],
  {
    holds,
    isOr,
    needsInput,
    word,
    sort,
  }: {
    holds: ((run: Plain) => boolean)[];
    isOr: boolean;
    needsInput: boolean;
    word: string | undefined;
    sort: { id: (typeof SORTS)[number]; desc: boolean }[];
  },
): string[] {
  const sought = word?.toLowerCase();
  const keys = [...sort, { id: 'id' as const, desc: sort[0]?.desc ?? true }];
  return runs
    .filter(
      (run) => holds.length === 0 || (isOr ? holds.some((one) => one(run)) : holds.every((one) => one(run))),
    )
    .filter((run) => !needsInput || run.documentId !== undefined)
    .filter((run) => {
      const texts = [run.id, run.status, run.configurationId, run.filename ?? ''];
      return sought === undefined || texts.some((text) => text.toLowerCase().includes(sought));
    })
    .sort((one, other) => {
      for (const { id, desc } of keys) {
        const [a, b] = [one[id], other[id]];
        if (a === b) continue;
        if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
        return a < b === desc ? 1 : -1;
      }
      return 0;
    })
    .map(({ id }) => id);
}

let runs: RunList;
beforeAll(async () => {
  runs = await openRunList();
  await runs.insertAll(RUNS);
});
afterAll(() => runs.close());

describe('a list of runs', () => {
  it.each(Array.from({ length: 100 }, (_, index) => index))(
    'is what anybody expects of it: case %d',
    async () => {
      const made = Array.from({ length: Math.floor(next() * 4) }, () => pick(MAKERS)());
      const word = chance(0.2)
        ? pick(['roster', '%_', '\\', 'fail', '0_', CONFIGURATIONS[0]?.slice(0, 8) ?? ''])
        : undefined;
      const isOr = chance(0.4);
      const sort = Array.from({ length: Math.floor(next() * 3) }, () => ({
        id: pick(SORTS),
        desc: chance(0.5),
      }));
      const filters = made.map(([asked]) => asked);
      const isSought = word !== undefined && word.length > 1;
      const expected = naive(PLAIN, {
        holds: made.map(([, holds]) => holds),
        isOr,
        needsInput: isSought || filters.some(({ id }) => id === 'inputDocumentId' || id === 'fileType'),
        word: isSought ? word : undefined,
        sort: sort.length === 0 ? [{ id: 'createdAt', desc: true }] : sort,
      });
      const query = {
        limit: pick(['20', '50', '200']),
        joinOperator: isOr ? 'or' : 'and',
        ...(filters.length === 0 ? {} : { filters: JSON.stringify(filters) }),
        ...(sort.length === 0 ? {} : { sort: JSON.stringify(sort) }),
        ...(word === undefined ? {} : { q: word }),
      };

      const { meta } = await runs.list(WORKSPACE, { ...query, includeTotal: 'true' });
      const ids = await everyPage(runs.list, WORKSPACE, query);

      expect({ query, ids }).toEqual({ query, ids: expected });
      expect(meta.totalCount).toBe(expected.length);
    },
  );

  it('shows of an input whose document is gone what the file store still has', async () => {
    const { items } = await runs.list(WORKSPACE, { limit: '200' });
    const withInput = items.filter(({ input }) => input.download_url !== undefined);

    expect(withInput.length).toBeGreaterThan(0);
    for (const { input } of withInput) {
      expect(Object.keys(input).sort()).toEqual(['download_url', 'fileVersionId']);
    }
  });
});
