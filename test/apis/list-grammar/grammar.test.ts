import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OPERATORS } from '../../../lib/apis/list-grammar/filters.ts';
import { type List, type ListFields, parseList } from '../../../lib/apis/list-grammar/list.ts';
import { encodePosition } from '../../../lib/apis/list-grammar/list-cursor.ts';
import { listParams } from '../../../lib/apis/list-grammar/params.ts';
import { positionOf } from '../../../lib/apis/list-grammar/sort.ts';
import { Refused } from '../../../lib/apis/operation/refusal.ts';
import {
  DOCUMENT_FIELDS,
  type ListedDocument,
} from '../../../lib/apis/workspace-runs/documents/list-document-fields.ts';
import { RUN_FIELDS, toListedRun } from '../../../lib/apis/workspace-runs/list-run-fields.ts';
import { aRun } from '../../support/builders.ts';

const NOW = new Date('2026-05-14T10:20:30.000Z'); // a Thursday
const ID = '018f0000-0000-7000-8000-0000000000bb';
const OTHER = '018f0000-0000-7000-8000-0000000000cc';
const Query = z.strictObject(listParams);
const parse = <T>(fields: ListFields<T>, query: Record<string, string>): List<T> =>
  parseList(Query.parse(query), fields, NOW);
const parseRuns = (query: Record<string, string>) => parse(RUN_FIELDS, query);

/** What a query is refused with: its text, and the parts that are wrong if it names any. */
function refusalOf(query: Record<string, string>, fields: ListFields<never> = RUN_FIELDS as never): unknown {
  try {
    parse(fields, query);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    expect(error.refusal.category).toBe('invalid');
    const { message, issues } = error.refusal;
    return issues === undefined ? message : issues.map(({ path, code }) => `${path} ${code}`);
  }
  return undefined;
}

const run = (members: object = {}) =>
  toListedRun(
    aRun({
      status: 'succeeded',
      createdAt: '2026-05-14T09:00:00.000Z',
      startedAt: '2026-05-14T09:00:01.000Z',
      completedAt: '2026-05-14T09:00:05.000Z',
      input: {
        operation: 'process',
        configurationId: ID,
        document: {
          id: ID,
          versionId: OTHER,
          no: 1,
          filename: 'Roster 100%_May.CSV',
          contentType: 'application/octet-stream',
          byteSize: 3,
          fileKey: 'k',
        },
      },
      ...members,
    }),
  );
const QUEUED = run({ status: 'queued', startedAt: undefined, completedAt: undefined });

const document: ListedDocument = (() => {
  const [createdAt, updatedAt] = ['2026-05-13T09:00:00.000Z', '2026-05-14T09:00:00.000Z'];
  const current = {
    versionId: OTHER,
    no: 1,
    filename: 'Budget_2026 (final).xlsx',
    contentType: 'text/plain',
    byteSize: 2048,
    fileKey: 'k',
    createdAt,
  };
  const uploader = { id: OTHER, email: 'ann@example.com' };
  const { filename: name, contentType, byteSize } = current;
  const record = {
    id: ID,
    version: 1,
    name,
    current,
    metadata: {},
    uploader,
    createdAt,
    updatedAt,
    runs: {},
    outputVersions: 1,
  };
  const lastRun = { id: OTHER, status: 'failed' as const, createdAt, completedAt: updatedAt };
  const row = {
    ...{ id: ID, workspaceId: OTHER, name, contentType, byteSize, currentVersionNo: 1, commentCount: 0 },
    ...{ metadata: {}, source: 'uploaded' as const, fileType: 'xlsx' as const, tags: [], uploader },
    ...{ activityAt: updatedAt, createdAt, updatedAt, lastRun },
  };
  return { record, row };
})();

const filterOf = (id: string, operator: string, value?: unknown) =>
  JSON.stringify([{ id, operator, ...(value === undefined ? {} : { value }) }]);

describe('filters of runs', () => {
  const AT = '2026-05-14T09:00:00.000Z';
  it.each<[string, string, unknown, boolean]>([
    ['status', 'eq', 'succeeded', true],
    ['status', 'eq', 'failed', false],
    ['status', 'ne', 'failed', true],
    ['status', 'in', ['failed', 'succeeded'], true],
    ['status', 'inArray', ['failed'], false],
    ['status', 'notIn', ['failed'], true],
    ['status', 'notInArray', ['succeeded'], false],
    ['configurationId', 'eq', ID.toUpperCase(), true],
    ['configurationId', 'eq', ID.replaceAll('-', ''), true],
    ['configurationId', 'eq', `{${ID}}`, true],
    ['configurationId', 'ne', OTHER, true],
    ['configurationId', 'in', [OTHER, ` ${ID} `], true],
    ['configurationId', 'notIn', [ID], false],
    ['inputDocumentId', 'eq', ID, true],
    ['inputDocumentId', 'ne', ID, false],
    ['inputDocumentId', 'in', [OTHER], false],
    ['inputDocumentId', 'notIn', [OTHER], true],
    ['inputDocumentId', 'isEmpty', undefined, false],
    ['inputDocumentId', 'isNotEmpty', 'ignored', true],
    ['createdAt', 'eq', AT, true],
    ['createdAt', 'eq', '2026-05-14T09:00:00', true],
    ['createdAt', 'eq', '2026-05-14 11:00:00+02:00', true],
    ['createdAt', 'eq', Date.parse(AT), true],
    ['createdAt', 'eq', Date.parse(AT) / 1000, true],
    ['createdAt', 'eq', String(Date.parse(AT) / 1000), true],
    ['createdAt', 'ne', AT, false],
    ['createdAt', 'lt', '2026-05-14T09:00:00.000001Z', true],
    ['createdAt', 'lt', AT, false],
    ['createdAt', 'lte', AT, true],
    ['createdAt', 'gt', AT, false],
    ['createdAt', 'gte', '2026-05-14', true],
    ['createdAt', 'between', ['20260514T000000', '20260515T00'], true],
    ['createdAt', 'between', ['20260514', '20260515'], false],
    ['createdAt', 'between', ['2026-05-14', '2026-05-15'], true],
    ['createdAt', 'isBetween', ['2026-05-15', '2026-05-14'], false],
    ['startedAt', 'eq', '2026-05-14T09:00:01Z', true],
    ['startedAt', 'isEmpty', undefined, false],
    ['startedAt', 'isNotEmpty', undefined, true],
    ['completedAt', 'gt', '2026-05-14T09:00:04,5Z', true],
    ['completedAt', 'isEmpty', undefined, false],
    ['fileType', 'eq', 'CSV', true],
    ['fileType', 'in', ['xlsx', 'csv'], true],
    ['fileType', 'notIn', ['csv'], false],
    ['hasOutput', 'eq', true, true],
    ['hasOutput', 'eq', 'off', false],
    ['hasOutput', 'ne', 'no', true],
    // Nothing is asked, so everything is in.
    ['status', 'eq', '', true],
    ['status', 'eq', '   ', true],
    ['status', 'eq', null, true],
    ['status', 'in', [], true],
    ['status', 'in', ['', ' '], true],
    ['nope', 'eq', '', true],
    ['createdAt', 'isRelativeToToday', 'whenever', true],
    ['createdAt', 'isRelativeToToday', 'past_0_days', true],
  ])('%s %s %j', (id, operator, value, expected) => {
    expect(parseRuns({ filters: filterOf(id, operator, value) }).matches(run())).toBe(expected);
  });

  it.each(['startedAt', 'completedAt'])('%s: what has no value meets no comparison', (id) => {
    for (const operator of ['eq', 'ne', 'lt', 'lte', 'gt', 'gte']) {
      expect(parseRuns({ filters: filterOf(id, operator, '2020-01-01') }).matches(QUEUED)).toBe(false);
    }
    expect(parseRuns({ filters: filterOf(id, 'isEmpty') }).matches(QUEUED)).toBe(true);
    expect(parseRuns({ filters: filterOf(id, 'isNotEmpty') }).matches(QUEUED)).toBe(false);
  });

  const ALLOWED: Record<string, string> = {
    status: 'eq, in, ne, notIn',
    configurationId: 'eq, in, ne, notIn',
    inputDocumentId: 'eq, in, isEmpty, isNotEmpty, ne, notIn',
    createdAt: 'between, eq, gt, gte, lt, lte, ne',
    startedAt: 'between, eq, gt, gte, isEmpty, isNotEmpty, lt, lte, ne',
    completedAt: 'between, eq, gt, gte, isEmpty, isNotEmpty, lt, lte, ne',
    fileType: 'eq, in, notIn',
    hasOutput: 'eq, ne',
  };
  it.each(Object.entries(ALLOWED))('%s takes %s and no other operator', (id, allowed) => {
    const values: Record<string, unknown> = { in: ['x'], notIn: ['x'], between: ['x', 'y'] };
    for (const operator of OPERATORS) {
      const refusal = refusalOf({ filters: filterOf(id, operator, values[operator] ?? 'x') });
      const isAllowed = allowed.split(', ').includes(operator);
      if (isAllowed) expect(String(refusal)).not.toMatch('Unsupported');
      else expect(refusal).toBe(`Unsupported operator '${operator}' for '${id}'. Allowed: ${allowed}`);
    }
  });

  it('joins with and, or with or; q is asked for besides', () => {
    const filters = JSON.stringify([
      { id: 'status', operator: 'eq', value: 'succeeded' },
      { id: 'fileType', operator: 'eq', value: 'pdf', more: 'ignored' },
    ]);
    expect(parseRuns({ filters }).matches(run())).toBe(false);
    expect(parseRuns({ filters, joinOperator: 'or' }).matches(run())).toBe(true);
    expect(parseRuns({ filters, joinOperator: 'or', q: 'absent' }).matches(run())).toBe(false);
  });
});

describe('isRelativeToToday', () => {
  it.each<[unknown, string, string]>([
    ['today', '2026-05-14', '2026-05-15'],
    [' Yesterday ', '2026-05-13', '2026-05-14'],
    ['tomorrow', '2026-05-15', '2026-05-16'],
    ['this_week', '2026-05-11', '2026-05-18'],
    ['last_week', '2026-05-04', '2026-05-11'],
    ['this_month', '2026-05-01', '2026-06-01'],
    ['last_month', '2026-04-01', '2026-05-01'],
    ['this_year', '2026-01-01', '2027-01-01'],
    ['last_year', '2025-01-01', '2026-01-01'],
    ['past_1_days', '2026-05-14', '2026-05-15'],
    ['past_7_days', '2026-05-08', '2026-05-15'],
    ['last_30_days', '2026-04-15', '2026-05-15'],
    ['next_3_days', '2026-05-14', '2026-05-17'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['2024-02-29T23:59:59-01:00', '2024-03-01', '2024-03-02'],
    [Date.UTC(2026, 0, 2, 3), '2026-01-02', '2026-01-03'],
    [['2026-01-02', '2026-01-02T23:59:59.999Z'], '2026-01-02', '2026-01-03'],
  ])('%j is from %s up to %s', (value, first, next) => {
    const { matches } = parseRuns({ filters: filterOf('createdAt', 'isRelativeToToday', value) });
    const at = (milliseconds: number) => run({ createdAt: new Date(milliseconds).toISOString() });
    const [from, to] = [Date.parse(first), Date.parse(next)];

    expect([from - 1, from, to - 1, to].map((moment) => matches(at(moment)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([`past_${'9'.repeat(400)}_days`, `last_${'9'.repeat(12)}_days`])(
    '%s begins with the first run',
    (value) => {
      const { matches } = parseRuns({ filters: filterOf('createdAt', 'isRelativeToToday', value) });
      expect(matches(run({ createdAt: '1970-01-01T00:00:00.000Z' }))).toBe(true);
    },
  );
});

describe('filters of documents', () => {
  it.each<[string, string, unknown, boolean]>([
    ['id', 'in', [ID], true],
    ['name', 'eq', 'Budget_2026 (final).xlsx', true],
    ['name', 'ne', 'budget', true],
    ['name', 'iLike', 'BUDGET', true],
    ['name', 'iLike', 'budget%final%', true],
    ['name', 'iLike', 'budget', true],
    ['name', 'iLike', 'final%', false],
    ['name', 'iLike', 'b_dget', true],
    ['name', 'iLike', '\\_2026', true],
    ['name', 'iLike', 'budget\\%', false],
    ['name', 'notILike', 'invoice', true],
    ['name', 'isNotEmpty', undefined, true],
    ['lastRunPhase', 'eq', 'FAILED', true],
    ['lastRunPhase', 'in', ['__empty__', 'queued'], false],
    ['lastRunPhase', 'notIn', ['queued'], true],
    ['lastRunPhase', 'isEmpty', undefined, false],
    ['fileType', 'eq', 'xlsx', true],
    ['fileType', 'isEmpty', undefined, false],
    ['tags', 'in', ['urgent'], false],
    ['tags', 'notIn', ['urgent'], true],
    ['tags', 'isEmpty', undefined, true],
    ['assigneeId', 'eq', ID, false],
    ['assigneeId', 'isEmpty', undefined, true],
    ['uploaderId', 'eq', OTHER, true],
    ['createdAt', 'isRelativeToToday', 'yesterday', true],
    ['updatedAt', 'isRelativeToToday', 'yesterday', false],
    ['activityAt', 'gte', '2026-05-14T09:00:00Z', true],
    ['byteSize', 'between', [2000, '2048'], true],
    ['byteSize', 'in', [1], false],
    ['hasOutput', 'eq', 'true', true],
    ['source', 'eq', 'uploaded', true],
  ])('%s %s %j', (id, operator, value, expected) => {
    expect(parse(DOCUMENT_FIELDS, { filters: filterOf(id, operator, value) }).matches(document)).toBe(
      expected,
    );
  });

  it.each([
    [
      filterOf('nope', 'eq', 1),
      "Unsupported filter id 'nope'. Allowed: activityAt, assigneeId, byteSize, createdAt, fileType, hasOutput, id, lastRunPhase, name, source, tags, updatedAt, uploaderId",
    ],
    [filterOf('lastRunPhase', 'eq', 'done'), 'Invalid lastRunPhase value(s): done'],
    [filterOf('byteSize', 'eq', 1.5), "Filter 'byteSize' expects an integer value"],
    [filterOf('name', 'eq', {}), "Filter 'name' expects a string value"],
  ])('422: %s', (filters, text) => {
    expect(refusalOf({ filters }, DOCUMENT_FIELDS as never)).toBe(text);
  });

  it('takes no longer for a pattern that is made to', () => {
    const { matches } = parse(DOCUMENT_FIELDS, { filters: filterOf('name', 'iLike', '%a'.repeat(3000)) });
    const long = { ...document, record: { ...document.record, name: 'a'.repeat(255) } };
    const startedAt = performance.now();

    expect(matches(long)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('orders by what ADE orders by', () => {
    expect(refusalOf({ sort: '["nope"]' }, DOCUMENT_FIELDS as never)).toBe(
      "Unsupported sort field 'nope'. Allowed: activityAt, byteSize, createdAt, deletedAt, id, lastRunAt, name, source, updatedAt",
    );
  });
});

describe('what is refused', () => {
  const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({})));
  const one = filterOf;
  it.each<[string, unknown]>([
    ['nope', 'filters must be valid JSON'],
    ['[', 'filters must be valid JSON'],
    ['{}', 'filters must be a JSON array'],
    ['5', 'filters must be a JSON array'],
    ['null', 'filters must be a JSON array'],
    ['[5]', 'Filter #1 must be an object'],
    ['[{"id":"status","operator":"eq","value":""},[]]', 'Filter #2 must be an object'],
    [`${'['.repeat(4000)}${']'.repeat(4000)}`, 'Filter #1 must be an object'],
    ['['.repeat(8192), 'filters must be valid JSON'],
    [many(26), 'Too many filters (max 25).'],
    [`${' '.repeat(9000)}[]`, undefined],
    [one('status', 'eq', 'x'.repeat(8192)), 'filters exceeds 8192 characters'],
    ['[{}]', ['id missing', 'operator missing']],
    ['[{"id":1,"operator":"eq","value":1}]', ['id string_type']],
    ['[{"id":"status","operator":5}]', ['operator enum']],
    [one('status', 'like', 'x'), ['operator enum']],
    [one('status', 'constructor', 'x'), ['operator enum']],
    [
      one('nope', 'eq', 1),
      "Unsupported filter id 'nope'. Allowed: completedAt, configurationId, createdAt, fileType, hasOutput, inputDocumentId, startedAt, status",
    ],
    [one('__proto__', 'eq', 1), expect.stringContaining("Unsupported filter id '__proto__'")],
    [one('status', 'gt', 'x'), "Unsupported operator 'gt' for 'status'. Allowed: eq, in, ne, notIn"],
    [one('status', 'isRelativeToToday', 'today'), expect.stringContaining("operator 'between' for 'status'")],
    [one('status', 'eq', 'SUCCEEDED'), "Filter 'status' expects a supported enum value"],
    [one('status', 'in', ['failed', 'x']), "Filter 'status' expects a supported enum value"],
    [one('status', 'eq', { $gt: '' }), "Filter 'status' expects a supported enum value"],
    [one('configurationId', 'eq', 'x'), "Filter 'configurationId' expects a UUID value"],
    [one('inputDocumentId', 'in', [5]), "Filter 'inputDocumentId' expects a UUID value"],
    ...[
      'x',
      'NaN',
      'Infinity',
      '2026-02-30',
      '2026-13-01',
      '2026-05-14T24:00',
      true,
      {},
      1e300,
      '0000-01-01',
    ].map((value): [string, string] => [
      one('createdAt', 'eq', value),
      "Filter 'createdAt' expects an ISO datetime or epoch value",
    ]),
    [one('hasOutput', 'eq', 1), "Filter 'hasOutput' expects a boolean value"],
    [one('fileType', 'in', ['doc', 'csv', 'bmp']), 'Invalid file type value(s): bmp, doc'],
    [
      one(
        'fileType',
        'in',
        Array.from({ length: 51 }, (_, index) => `t${index}`),
      ),
      'Too many file types; max 50.',
    ],
    [one('status', 'in', 'x'), "Filter 'status' with operator 'in' expects a non-empty array value"],
    [one('status', 'notInArray', 5), "Filter 'status' with operator 'notIn' expects a non-empty array value"],
    [one('status', 'eq', ['x']), "Filter 'status' with operator 'eq' expects a scalar value"],
    [
      one('createdAt', 'between', [1]),
      "Filter 'createdAt' with operator 'between' expects a 2-element array value",
    ],
    [
      one('createdAt', 'between', '2026'),
      "Filter 'createdAt' with operator 'between' expects a 2-element array value",
    ],
    [
      one('createdAt', 'isBetween', [1, null]),
      "Filter 'createdAt' with operator 'between' requires two non-null values",
    ],
  ])('filters %.60s', (filters, expected) => {
    expect(refusalOf({ filters })).toEqual(expected);
  });

  it.each([
    ['-createdAt', 'sort must be valid JSON'],
    ['"-createdAt"', 'sort must be a JSON array'],
    ['null', 'sort must be a JSON array'],
    ['[5]', 'Sort #1 must be an object'],
    ['[[]]', 'Sort #1 must be an object'],
    ['[{}]', "Sort #1 must include a non-empty 'id'"],
    ['["id",{"id":" "}]', "Sort #2 must include a non-empty 'id'"],
    ['[{"id":"id","desc":1}]', "Sort #1 'desc' must be a boolean"],
    ['["id","status","createdAt","startedAt"]', 'Too many sort fields (max 3).'],
    ['["nope"]', "Unsupported sort field 'nope'. Allowed: completedAt, createdAt, id, startedAt, status"],
    ['["constructor"]', expect.stringContaining("Unsupported sort field 'constructor'")],
    [`${'['.repeat(4000)}${']'.repeat(4000)}`, 'Sort #1 must be an object'],
  ])('sort %.60s', (sort, expected) => {
    expect(refusalOf({ sort })).toEqual(expected);
  });

  it.each([
    ['x'.repeat(201), 'q exceeds 200 characters'],
    [`${'x'.repeat(100)}   ${'y'.repeat(100)}`, 'q exceeds 200 characters'],
    ['aa bb cc dd ee ff gg hh ii', 'Too many q tokens (max 8).'],
    ['aa bb cc dd ee ff gg hh i j k', undefined],
    [` ${'x'.repeat(200)} `, undefined],
  ])('q %.60s', (q, expected) => {
    expect(refusalOf({ q })).toBe(expected);
  });

  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const SORT = ['-startedAt', '-id'];
  const sort = '["-startedAt"]';
  it.each([
    ['garbage', 'Invalid cursor token.'],
    ['%00', 'Invalid cursor token.'],
    [token([]), 'Invalid cursor token.'],
    [token(null), 'Invalid cursor token.'],
    [token({ v: 1 }), 'Invalid cursor token.'],
    [token({ v: 1, sort: SORT, values: {} }), 'Invalid cursor token.'],
    [token({}), 'Unsupported cursor token.'],
    [token({ v: 2, sort: SORT, values: [] }), 'Unsupported cursor token.'],
    [
      token({ v: 1, sort: ['-createdAt', '-id'], values: [] }),
      'Cursor sort does not match the requested sort.',
    ],
    [token({ v: 1, sort: ['-startedAt'], values: [] }), 'Cursor sort does not match the requested sort.'],
    [token({ v: 1, sort: SORT, values: [0, ID] }), 'Cursor values are invalid.'],
    [token({ v: 1, sort: SORT, values: [0, 'x', ID] }), 'Invalid cursor value.'],
    [token({ v: 1, sort: SORT, values: [2, null, ID] }), 'Invalid cursor value.'],
    [token({ v: 1, sort: SORT, values: [0, null, ID] }), 'Invalid cursor value.'],
    [token({ v: 1, sort: SORT, values: [1, null, 'x'] }), 'Invalid cursor value.'],
    [token({ v: 1, sort: SORT, values: [1, null, null] }), 'Invalid cursor value.'],
    [token({ v: 1, sort: SORT, values: [1, null, ID] }), undefined],
    ['', undefined],
  ])('cursor %.60s', (cursor, expected) => {
    expect(refusalOf({ cursor, sort })).toBe(expected);
  });
});

describe('sort', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, ['-createdAt', '-id']],
    ['', ['-createdAt', '-id']],
    ['[]', ['-createdAt', '-id']],
    ['[" "]', ['-createdAt', '-id']],
    ['{"id":"status"}', ['status', 'id']],
    ['[{"id":" status ","desc":true}]', ['-status', '-id']],
    ['["status","status","-createdAt"]', ['status', '-createdAt', 'id']],
    ['["-id"]', ['-id']],
    ['["status","-id"]', ['status', '-id']],
  ])('%j', (sort, expected) => {
    const list = parseRuns(sort === undefined ? {} : { sort });
    expect(list.sort.map(({ name, descending }) => (descending ? `-${name}` : name))).toEqual(expected);
  });

  it('gives the position back that it was told', () => {
    const sort = '["-startedAt","completedAt","status"]';
    for (const item of [run(), QUEUED]) {
      const list = parseRuns({ sort });
      const position = positionOf(list.sort, item);
      const cursor = encodePosition(list.sort, position);
      expect(parseRuns({ sort, cursor }).after).toEqual(position);
    }
  });
});

describe('q', () => {
  it.each([
    ['roster', true],
    ['ROSTER csv', true],
    ['100%_', true],
    ['r%r', false],
    ['_may', true],
    ['r_ster', false],
    ['\\', true],
    ['\\%', false],
    ['x', true],
    ['succ', true],
    [ID.slice(0, 12), true],
    ['roster absent', false],
  ])('%s', (q, expected) => {
    expect(parseRuns({ q }).matches(run())).toBe(expected);
  });
});
