import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { closingLine, encodeLine, RunLogWriter, readLog } from '../../lib/runs/log.ts';
import type { RunPlatform, RunStore } from '../../lib/runs/ports.ts';
import { type Run, type RunKind, refOf } from '../../lib/runs/run.ts';
import {
  cancelRun,
  claimRun,
  finishRun,
  LEASE_SECONDS,
  MAX_ATTEMPTS,
  startRun,
} from '../../lib/runs/service.ts';
import { settleRun } from '../../lib/runs/settle.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { ScriptedExecutor } from '../support/run-platform.ts';
import { MemoryTable } from './memory-table.ts';

// Places that storms seldom reach, each as it was found.

let now: number;
let table: MemoryTable;
let platform: RunPlatform & { executor: ScriptedExecutor };
beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00.000Z');
  table = new MemoryTable({ now: () => now });
  const { runs, log } = dynamoStores(table.client(), 'memory');
  const executor = new ScriptedExecutor();
  platform = { runs, log, executor, now: () => new Date(now), newId: () => crypto.randomUUID() };
});

const start = (kind: RunKind): Promise<Run> =>
  startRun(platform, { kind, workspaceId: A_WORKSPACE, parentId: platform.newId(), input: {} });
const pass = (seconds: number): void => {
  now += seconds * 1000;
};
async function eventsOf(run: Run): Promise<string[]> {
  const parts: Uint8Array[] = [];
  for await (const part of readLog(platform, refOf(run))) parts.push(part);
  const lines = Buffer.concat(parts).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line).event);
}

/** A store in which the first commit is applied, somebody else writes, and the client tries it again. */
function twice(runs: RunStore, between: () => Promise<unknown>): RunStore {
  let isFirst = true;
  return new Proxy(runs, {
    get: (target, method) => {
      const value: unknown = Reflect.get(target, method);
      if (typeof value !== 'function') return value;
      if (method !== 'commit') return value.bind(target);
      return async (...written: unknown[]) => {
        if (isFirst) {
          isFirst = false;
          await value.apply(target, written);
          await between();
        }
        return value.apply(target, written);
      };
    },
  });
}

describe('the last line of a log', () => {
  it('is not written again by whoever reads the log a moment too early to see it', async () => {
    const run = await start('document');
    const ended = await finishRun(platform, await claimRun(platform, refOf(run), 0), {
      type: 'succeeded',
      result: {},
    });
    await platform.log.append(refOf(run), 0, encodeLine(closingLine(platform, ended)));

    table.lag = 1000;
    await settleRun(platform, refOf(run), { status: 'succeeded', output: null });

    table.lag = 0;
    expect(await eventsOf(run)).toEqual(['run.complete']);
  });

  it('is there of a process that could never be started', async () => {
    platform.executor.busy = true;
    const run = await start('process');

    pass(3601);
    await sweepRuns(platform);

    expect(await platform.runs.get(refOf(run))).toMatchObject({ status: 'failed' });
    expect(await eventsOf(run)).toEqual(['run.complete']);
  });

  it('is not there of a run that was cancelled while the sweeper gave it up', async () => {
    const run = await start('document');
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) await claimRun(platform, refOf(run), attempt);
    platform.executor.states.clear();
    const { executor } = platform;
    const describeOnce = executor.describe.bind(executor);
    executor.describe = async (asked) => {
      await cancelRun(platform, refOf(asked));
      executor.states.clear();
      return describeOnce(asked);
    };

    pass(LEASE_SECONDS + 1);
    await sweepRuns(platform);

    expect(await platform.runs.get(refOf(run))).toMatchObject({ status: 'cancelled' });
    expect(await eventsOf(run)).toEqual(['run.lost_claim']);
  });
});

describe('a worker that stood still', () => {
  it('does not write after the last line of the one that took over', async () => {
    const run = await start('document');
    await claimRun(platform, refOf(run), 0);
    const still = await claimRun(platform, refOf(run), 1);
    const next = await claimRun(platform, refOf(run), 2);
    const writer = await RunLogWriter.open(platform, next);
    writer.write(closingLine(platform, await finishRun(platform, next, { type: 'succeeded', result: {} })));
    await writer.flush();

    const opening = RunLogWriter.open(platform, still);

    await expect(opening).rejects.toMatchObject({ code: 'invalid_transition' });
    expect(await eventsOf(run)).toEqual(['run.complete']);
  });
});

describe('a claim whose answer was lost', () => {
  it('is the claim, even if the sweeper has written in between', async () => {
    const run = await start('document');
    const extend = async (): Promise<void> => {
      pass(LEASE_SECONDS + 1);
      await sweepRuns(platform);
    };

    const claimed = await claimRun({ ...platform, runs: twice(platform.runs, extend) }, refOf(run), 0);

    expect(await finishRun(platform, claimed, { type: 'succeeded', result: {} })).toMatchObject({
      status: 'succeeded',
      attempt: 1,
    });
  });
});
