import { describe, expect, it } from 'vitest';
import { toInputs } from '../../../lib/apis/process-runs/inputs.ts';
import { keepOutputs, outputsOf, toPairs } from '../../../lib/apis/process-runs/outputs.ts';
import { pageBound, pageToken } from '../../../lib/apis/process-runs/page-token.ts';
import { toProcessRun, WIRE_STATUS } from '../../../lib/apis/process-runs/view.ts';
import { RUN_STATUSES } from '../../../lib/runs/run.ts';
import { aRun } from '../../support/builders.ts';

const QUERY = ['workspace', 'runs', 'agent', 'process', 'Draft'];
const INPUT = {
  ...{ agentId: 'agent', processId: 'process', stage: 'Draft', name: 'Invoice 42' },
  ...{ stateMachineArn: 'arn', fileIds: null, files: [], bucket: 'local', inputs: {} },
};

describe('page tokens', () => {
  it('say where the page before ended, to the query they were made for', () => {
    expect(pageBound(QUERY, pageToken(QUERY, 'some-run'))).toBe('some-run');
    expect(pageBound(QUERY, undefined)).toBeUndefined();
    expect(pageBound(QUERY, '')).toBeUndefined();
  });

  it.each(QUERY.map((part, index) => [part, index] as const))(
    'are refused when the %s is another',
    (_part, index) => {
      const other = QUERY.with(index, 'other');

      expect(() => pageBound(other, pageToken(QUERY, 'some-run'))).toThrow(
        expect.objectContaining({ refusal: expect.objectContaining({ category: 'bad_request' }) }),
      );
    },
  );

  it('are refused when any character was changed, taken or added', () => {
    const token = pageToken(QUERY, '01a20219-1f34-702e-b9a7-d873e146d57f');
    const mangled = [...token].map(
      (char, at) => token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );

    for (const other of [...mangled, token.slice(1), token.slice(0, -1), `${token}A`, 'x', '.', '💥']) {
      expect(() => pageBound(QUERY, other), other).toThrow('bad_request');
    }
  });
});

describe('inputs', () => {
  it('come as pairs, as an object, or not at all', () => {
    expect(
      toInputs([
        { name: 'a', value: 1 },
        { name: 'b', value: undefined },
      ]),
    ).toEqual({ a: 1, b: null });
    expect(toInputs({ a: { b: [1] } })).toEqual({ a: { b: [1] } });
    expect(toInputs(null)).toEqual({});
    expect(toInputs(undefined)).toEqual({});
  });

  it('that are given twice are refused by name', () => {
    expect(() =>
      toInputs([
        { name: 'a', value: 1 },
        { name: 'a', value: 2 },
      ]),
    ).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({
          issues: [{ path: 'inputs[1].name', message: "The input 'a' is given twice" }],
        }),
      }),
    );
  });
});

describe('outputs', () => {
  it.each([
    [
      { total: 42, who: 'x' },
      [
        { name: 'total', value: 42 },
        { name: 'who', value: 'x' },
      ],
    ],
    ['done', [{ name: 'output', value: 'done' }]],
    [[1, 2], [{ name: 'output', value: [1, 2] }]],
    [false, [{ name: 'output', value: false }]],
    [{}, null],
    [null, null],
    [undefined, null],
  ])('of %j', (output, pairs) => {
    expect(toPairs(output)).toEqual(pairs);
  });

  it('larger than a record should be are put aside and read back', async () => {
    const stored = new Map<string, Uint8Array>();
    const files = {
      put: async (key: string, body: Uint8Array) => void stored.set(key, body),
      get: async (key: string) => {
        const body = stored.get(key);
        const bytes = async function* () {
          yield body ?? new Uint8Array();
        };
        return body && { size: body.length, contentType: 'application/json', body: bytes() };
      },
    };
    const output = { text: 'x'.repeat(5000), n: 1 };

    const result = await keepOutputs(files)(aRun({ kind: 'process', input: INPUT }), output);
    const run = aRun({ kind: 'process', status: 'succeeded', input: INPUT, result });

    expect(result).toEqual({ outputsKey: `${run.workspaceId}/runs/${run.id}/outputs.json` });
    expect(await outputsOf(files, run)).toEqual([
      { name: 'text', value: output.text },
      { name: 'n', value: 1 },
    ]);
    stored.clear();
    expect(await outputsOf(files, run)).toBeNull();
    expect(await keepOutputs(files)(run, { n: 1 })).toEqual({ outputs: { n: 1 } });
  });
});

describe('a run as callers see it', () => {
  it('has the nine documented members and a word for every status', () => {
    for (const status of RUN_STATUSES) {
      const shown = toProcessRun(aRun({ kind: 'process', status, input: INPUT }), null);
      expect(Object.keys(shown)).toEqual([
        ...['agent_id', 'created_at', 'file_ids', 'id', 'name', 'outputs', 'process_id', 'stage', 'status'],
      ]);
      expect(shown.status).toBe(WIRE_STATUS[status]);
    }
    expect(Object.values(WIRE_STATUS)).toEqual([
      ...['Pending', 'Running', 'Succeeded', 'Failed', 'Cancelled', 'TimedOut'],
    ]);
  });
});
