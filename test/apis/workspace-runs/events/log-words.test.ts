import { describe, expect, it } from 'vitest';
import { exitCode, LOG_WORDS } from '../../../../lib/apis/workspace-runs/events/log-words.ts';
import { closingLine, encodeLine } from '../../../../lib/runs/log.ts';
import { A_WORKSPACE, aRun } from '../../../support/builders.ts';

const platform = { now: () => new Date('2026-01-01T00:00:06.000Z'), log: { words: LOG_WORDS } };
const closing = (run: Parameters<typeof aRun>[0]): string =>
  Buffer.from(encodeLine(closingLine(platform, aRun(run)))).toString();

describe('the line that closes a log', () => {
  it('is what clients of ADE parse, to the byte', () => {
    expect(closing({ status: 'failed', input: { operation: 'process', configurationId: 'c' } })).toBe(
      `{"timestamp":"2026-01-01T00:00:06.000Z","level":"error","event":"run.complete","message":"The file could not be read.","data":{"status":"failed","execution":{"started_at":"2026-01-01T00:00:01.000Z","completed_at":"2026-01-01T00:00:05.000Z","duration_ms":4000},"exit_code":1,"error_message":"The file could not be read."},"context":{"job_id":"018f0000-0000-7000-8000-0000000000aa","workspace_id":"${A_WORKSPACE}","configuration_id":"c","environment_id":null,"operation":"process"}}\n`,
    );
  });

  it.each([
    ['document', 'timed_out', '"status":"failed"', '"exit_code":124,"error_message"'],
    ['process', 'timed_out', '"status":"timed_out"', '"exit_code":124,"error_code"'],
    ['document', 'succeeded', '"message":"Run succeeded"', '"exit_code":0}'],
  ] as const)('of a %s run that %s: %s and %s', (kind, status, one, other) => {
    const line = closing({ kind, status });

    expect(line).toContain(one);
    expect(line).toContain(other);
  });

  it('is not written of a run that is open', () => {
    expect(() => closingLine(platform, aRun({ status: 'running' }))).toThrow(TypeError);
  });
});

describe('exitCode', () => {
  it('tells a worker that could not work from work that failed', () => {
    const failure = { code: 'internal_error', stage: null, message: 'The run was interrupted.' };

    expect(exitCode(aRun({ status: 'failed', failure }))).toBe(2);
    expect(exitCode(aRun({ status: 'failed' }))).toBe(1);
    expect(exitCode(aRun({ status: 'cancelled' }))).toBeNull();
    expect(exitCode(aRun({ status: 'running' }))).toBeNull();
  });
});
