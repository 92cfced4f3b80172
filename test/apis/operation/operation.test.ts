import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations } from '../../../lib/apis/index.ts';
import { consumesOf, errorsOf, type Operation } from '../../../lib/apis/operation/operation.ts';
import { problemDetails } from '../../../lib/apis/operation/problem-details.ts';
import { dialect as processDialect } from '../../../lib/apis/process-runs/dialect.ts';

/** As plain as an operation can be. */
const PLAIN: Operation = {
  operationId: 'getThing',
  api: 'reference',
  method: 'GET',
  path: '/things',
  summary: 'Get a thing',
  permission: null,
  input: {},
  success: { status: 204, body: 'empty' },
  dialect: problemDetails,
};
const path = '/things/{thingId}/{no}';
const ids = z.object({ thingId: z.string(), no: z.string() });

describe('what an operation may answer besides success', () => {
  const parts: [what: string, parts: Partial<Operation>, errors: number[]][] = [
    ['nothing at all', {}, []],
    ['a permission', { permission: 'workspace.read' }, [401, 403]],
    ['ids of any text', { path, input: { path: ids } }, [404]],
    ['ids of a pattern', { path, input: { path: ids.extend({ no: z.uuid() }) } }, [404, 422]],
    ['a path that is always found', { path, input: { path: ids }, isAlwaysFound: true }, []],
    ['a query', { input: { query: z.object({ limit: z.string().optional() }) } }, [422]],
    ['a body', { input: { body: z.object({}) } }, [413, 415, 422]],
    ['a form', { form: z.object({}) }, [400, 413, 415, 422]],
    ['a precondition', { headers: ['If-Match'] }, [412]],
    ['a key of idempotency', { headers: ['Idempotency-Key'] }, [409]],
    ['a header that refuses nothing', { headers: ['Last-Event-ID'] }, []],
    ['errors of its own', { errors: [503, 409], headers: ['Idempotency-Key'] }, [409, 503]],
  ];
  it.each(parts)('follows from %s', (_what, more, errors) => {
    expect(errorsOf({ ...PLAIN, ...more })).toEqual([...errors, 500].toSorted((a, b) => a - b));
  });

  it('is said in the statuses of its dialect', () => {
    const input = { body: z.object({}) };

    expect(errorsOf({ ...PLAIN, input, dialect: processDialect })).toEqual([400, 413, 415, 500]);
  });

  it('names as its own only what does not follow', () => {
    for (const op of operations as readonly Operation[]) {
      const follows = errorsOf({ ...op, errors: [] });
      expect(op.errors?.filter((status) => follows.includes(status)) ?? [], op.operationId).toEqual([]);
    }
  });
});

describe('a body', () => {
  it.each([
    ['nothing', {}],
    ['json', { input: { body: z.object({}) } }],
    ['multipart', { form: z.object({}) }],
  ] as const)('is %s as the operation takes it', (consumes, more) => {
    expect(consumesOf({ ...PLAIN, ...more })).toBe(consumes);
  });
});
