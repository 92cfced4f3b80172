import { v7 as uuid, v4 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { idBefore, momentOf } from '../../lib/runs/ids.ts';
import { startRun } from '../../lib/runs/service.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { openTestRuns } from '../support/run-platform.ts';

const AT = Date.parse('2026-05-14T10:20:30.123Z');

describe('ids', () => {
  it('say when they were made', () => {
    expect(momentOf(uuid({ msecs: AT }))).toEqual(new Date(AT));
    expect(momentOf(v4())).toBeUndefined();
    expect(momentOf('not an id')).toBeUndefined();
  });

  it('of a moment stand behind its bound, and earlier ones ahead of it', () => {
    const bound = idBefore(AT);
    for (let made = 0; made < 100; made += 1) {
      expect(uuid({ msecs: AT }) > bound).toBe(true);
      expect(uuid({ msecs: AT - 1 }) < bound).toBe(true);
    }
    expect(idBefore(-1)).toBe('00000000-0000-0000-0000-000000000000');
    expect(idBefore(Number.MAX_SAFE_INTEGER)).toBe('ffffffff-ffff-0000-0000-000000000000');
  });
});

describe('a run', () => {
  it('is as old as its record, even when its id was planned earlier', async () => {
    const runs = await openTestRuns();
    const id = runs.newId();
    runs.advance(7200);
    const recorded = runs.now().toISOString();

    const run = await startRun(runs, {
      id,
      kind: 'document',
      workspaceId: A_WORKSPACE,
      parentId: id,
      input: {},
    });

    expect(run.createdAt).toBe(recorded);
    await runs.close();
  });
});
