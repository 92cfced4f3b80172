import { describe, expect, it } from 'vitest';
import { RETENTION_CLASSES, retentionClass } from '../../../lib/apis/files/file-retention.ts';
import { outputClass, reportClass, retentionFor } from '../../../lib/apis/files/kept-for.ts';
import { keptOutput, removedLog, removedOutput } from '../../../lib/apis/workspace-runs/kept-output.ts';
import type { Retention } from '../../../lib/runs/retention.ts';
import { aRun } from '../../support/builders.ts';

const output = {
  versionId: '018f0000-0000-7000-8000-0000000000bb',
  no: 1,
  filename: 'a.xlsx',
  contentType: 'text/csv',
  byteSize: 1,
  fileKey: 'w/a',
};
const anEndedRun = (retention: Retention | undefined, more: object = {}) =>
  aRun({ status: 'succeeded', retention, result: { output: { ...output, ...more } } });

describe('how long things are kept', () => {
  it('is for good unless the workspace says otherwise', () => {
    expect(retentionFor(undefined)).toBeUndefined();
    expect(retentionFor({ retention: {} })).toBeUndefined();
    expect(retentionFor({ retention: { logsDays: 3 } })).toEqual({ logsDays: 3 });
    expect(outputClass(anEndedRun(undefined))).toBeUndefined();
    expect(keptOutput(anEndedRun(undefined), new Date('9999-01-01'))).toBeDefined();
  });

  it.each([
    [1, 1],
    [2, 7],
    [30, 30],
    [31, 90],
    [366, 3650],
    [3650, 3650],
    [undefined, undefined],
  ] as const)('%s days are kept by the class of %s', (days, expected) => {
    expect(retentionClass(days)).toBe(expected);
    expect(RETENTION_CLASSES).toEqual(RETENTION_CLASSES.toSorted((one, other) => one - other));
  });

  it('is no longer for an output or a report than for its run', () => {
    expect(outputClass(anEndedRun({ outputsDays: 90, runsDays: 5 }))).toBe(7);
    expect(outputClass(anEndedRun({ outputsDays: 30, runsDays: 300 }))).toBe(30);
    expect(reportClass(anEndedRun({ outputsDays: 30, runsDays: 300 }))).toBe(365);
    expect(reportClass(anEndedRun({ outputsDays: 30 }))).toBeUndefined();
  });

  it('ends for an output so many days after it was stored', () => {
    const run = anEndedRun({ outputsDays: 7 });
    expect(keptOutput(run, new Date('2026-01-08T00:00:04.999Z'))).toEqual(output);
    expect(keptOutput(run, new Date('2026-01-08T00:00:05.000Z'))).toBeUndefined();
    const byHand = anEndedRun({ outputsDays: 7 }, { createdAt: '2026-02-01T00:00:00.000Z' });
    expect(keptOutput(byHand, new Date('2026-02-07T00:00:00.000Z'))).toBeDefined();
    expect(keptOutput(byHand, new Date('2026-02-08T00:00:00.000Z'))).toBeUndefined();
  });

  it('is said when it is over', () => {
    expect(removedOutput(anEndedRun({ outputsDays: 7 }))).toContain('after 7 days');
    expect(removedLog(anEndedRun({ runsDays: 1, logsDays: 7 }))).toContain('after 1 day,');
  });
});
