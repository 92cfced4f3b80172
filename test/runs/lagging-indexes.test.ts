import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { getRun } from '../../lib/runs/apply.ts';
import type { RunPlatform } from '../../lib/runs/ports.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import { claimRun, finishRun, startRun } from '../../lib/runs/service.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { MemoryTable } from '../reliability/memory-table.ts';
import { ScriptedExecutor } from '../support/run-platform.ts';

const MINUTE = 60_000;
const LAG = 5 * MINUTE;

/** A platform whose reads may be behind, with a clock that the test holds in its hands. */
function open() {
  const clock = { now: Date.parse('2026-01-01T00:00:00.000Z') };
  const table = new MemoryTable({ now: () => clock.now });
  const executor = new ScriptedExecutor();
  const platform: RunPlatform = {
    ...dynamoStores(table.client(), 'runs'),
    ...{ executor, now: () => new Date(clock.now), newId: () => uuid() },
  };
  const start = (): Promise<Run> =>
    startRun(platform, { kind: 'thread', workspaceId: uuid(), parentId: uuid(), input: {} });
  const childrenOf = async ({ workspaceId, parentId }: Run): Promise<Run[]> => {
    const query = { workspaceId, kind: 'thread', parentId, limit: 5 } as const;
    return (await platform.runs.listByParent(query)).runs;
  };
  return { clock, table, executor, platform, start, childrenOf };
}

describe('AWS allows indexes to be behind their table: the index of open runs', () => {
  it('still lists a run that has ended, which is left as it is', async () => {
    const { clock, table, executor, platform, start } = open();
    const run = await start();
    clock.now += 10 * MINUTE;
    await finishRun(platform, await claimRun(platform, refOf(run), 0), { type: 'succeeded', result: {} });
    const ended = await getRun(platform, refOf(run));
    table.lag = LAG;
    const { started } = executor;
    started.length = 0;

    const listed = await platform.runs.listOpen({ leaseBefore: platform.now().toISOString(), limit: 5 });
    await sweepRuns(platform);

    expect(listed).toEqual([refOf(run)]);
    expect((await getRun(platform, refOf(run))).status).toBe('succeeded');
    expect(await getRun(platform, refOf(run))).toEqual(ended);
    expect(started).toEqual([]);
  });

  it('lists a run late, which is then looked at by a later sweep', async () => {
    const { clock, table, executor, platform, start } = open();
    executor.busy = true;
    table.lag = LAG;
    const run = await start();
    executor.busy = false;
    clock.now += LAG - MINUTE;

    await sweepRuns(platform);
    const early = [...executor.started];
    clock.now += 2 * MINUTE;
    await sweepRuns(platform);

    expect(early).toEqual([]);
    expect(executor.started).toEqual([run.id]);
  });
});

describe('AWS allows indexes to be behind their table: the index of a parent', () => {
  it('lists a run late, which is found by its id all the while', async () => {
    const { clock, table, platform, start, childrenOf } = open();
    table.lag = LAG;
    const run = await start();

    const early = await childrenOf(run);
    const found = await getRun(platform, refOf(run));
    clock.now += LAG;

    expect(early).toEqual([]);
    expect(found.id).toBe(run.id);
    expect((await childrenOf(run)).map(({ id }) => id)).toEqual([run.id]);
  });
});
