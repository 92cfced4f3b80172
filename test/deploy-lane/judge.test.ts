import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Mutation } from './mutations.ts';

const wrong = (...culprits: string[]): Mutation => ({
  says: `${culprits.join()} is wrong`,
  culprits,
  templates: {},
});
const verdicts = (mutations: Mutation[], lines: string[], by: 'routes' | 'deployment' = 'routes') =>
  judge({ mutations, found: { by } }, lines).map(({ text }) => text);

describe('the verdict on a mutant', () => {
  it('is what failed and named it', () => {
    expect(verdicts([wrong('GetRun')], ['PASS all', 'FAIL GET /a is answered by GetRun  ["500"]'])).toEqual([
      'caught GetRun is wrong: FAIL GET /a is answered by GetRun  ["500"]',
    ]);
  });

  it.each([
    ['nothing failed', 'GetRun', ['PASS GetRun']],
    ['what failed names another function', 'GetRun', ['FAIL GetRunInput']],
    [
      'what failed names a longer path',
      'GET /runs',
      ['FAIL GET /runs/{run_id} is answered by GetProcessRun'],
    ],
    [
      'what failed names the path below another',
      'GET /runs',
      ['FAIL GET /v2/runs is answered by ListProcessRuns'],
    ],
  ])('is that it was missed, where %s', (_, culprit, lines) => {
    expect(verdicts([wrong(culprit)], lines)[0]).toBe(`MISSED ${culprit} is wrong`);
  });

  it('wants every word in one line', () => {
    const mutants = [wrong('GetRun', 'RUNPLANE_TABLE')];

    expect(verdicts(mutants, ['FAIL GetRun', 'FAIL RUNPLANE_TABLE'])[0]).toMatch(/^MISSED/);
    expect(verdicts(mutants, ['FAIL by GetRun  ["RUNPLANE_TABLE: Invalid"]'])[0]).toMatch(/^caught/);
  });

  it('takes the id of a resource in its physical name', () => {
    const line = 'FAIL cdk deploy  "states.amazonaws.com cannot assume the role x-RunRole1234ABCD-0F (y)"';

    expect(verdicts([wrong('RunRole1234ABCD')], [line], 'deployment')[0]).toMatch(/^caught/);
  });
});

describe('a failure of no mutant', () => {
  it('is one too many', () => {
    expect(verdicts([wrong('GetRun')], ['FAIL GetRun', 'FAIL ListRuns'])).toEqual([
      'caught GetRun is wrong: FAIL GetRun',
      'WITHOUT CAUSE FAIL ListRuns',
    ]);
  });

  it('is none where it is the sum of the others', () => {
    expect(verdicts([wrong('GetRun')], ['FAIL GetRun', 'FAIL dev: travel held'])).toHaveLength(1);
  });

  it('follows from a step that is wrong', () => {
    const found = { by: 'steps' as const, steps: ['Settle'], parts: ['documents'] };
    const lines = ['FAIL Settle does its work', 'FAIL it succeeds'];

    expect(judge({ mutations: [wrong('Settle')], found }, lines)).toEqual([
      expect.objectContaining({ isGood: true }),
    ]);
  });
});
