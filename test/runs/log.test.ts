import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Follow, followLog } from '../../lib/runs/follow.ts';
import { encodeLine, logLine, RunLogWriter, readLog } from '../../lib/runs/log.ts';
import { type Run, refOf } from '../../lib/runs/run.ts';
import { claimRun, finishRun, startRun } from '../../lib/runs/service.ts';
import { sharedReads } from '../../lib/runs/shared-reads.ts';
import { A_WORKSPACE } from '../support/builders.ts';
import { openTestRuns, type TestRuns } from '../support/run-platform.ts';

let runs: TestRuns;
beforeEach(async () => {
  runs = await openTestRuns();
});
afterEach(() => runs.close());

/** Waiting moves the test's clock instead. */
const sleep = async (milliseconds: number): Promise<void> => runs.advance(milliseconds / 1000);

async function aClaimedRun() {
  const run = await startRun(runs, { kind: 'document', workspaceId: A_WORKSPACE, parentId: 'x', input: {} });
  return claimRun(runs, refOf(run), 0);
}

const line = (run: Run, event: string, data: unknown = {}) =>
  logLine(runs, run, { event, message: event, data });

async function follow(run: Run, cursor = 0, take = Number.POSITIVE_INFINITY): Promise<Follow[]> {
  const steps: Follow[] = [];
  const { signal } = new AbortController();
  for await (const step of followLog(runs, run, { cursor, signal, sleep })) {
    steps.push(step);
    if (steps.length === take) break;
  }
  return steps;
}

describe('RunLogWriter', () => {
  it('writes lines longer than a chunk whole, whatever their bytes', async () => {
    const run = await aClaimedRun();
    const writer = await RunLogWriter.open(runs, run);
    const lines = [line(run, 'a', 'é'.repeat(400_000)), line(run, 'b'), line(run, 'c', 'x'.repeat(262_144))];

    for (const one of lines) writer.write(one);
    const { length } = writer;
    await writer.flush();

    const chunks: Uint8Array[] = [];
    for await (const chunk of readLog(runs, refOf(run))) chunks.push(chunk);
    // Byte by byte, vitest would compare a megabyte for seconds.
    expect(Buffer.concat(chunks).equals(Buffer.concat(lines.map(encodeLine)))).toBe(true);
    expect(await runs.log.end(refOf(run))).toBe(length);
  });

  it('two writers: one of them goes on, the other is told', async () => {
    const run = await aClaimedRun();
    const [one, two] = [await RunLogWriter.open(runs, run), await RunLogWriter.open(runs, run)];
    one.write(line(run, 'one'));
    two.write(line(run, 'two'));

    const results = await Promise.allSettled([one.flush(), two.flush()]);

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'log_moved' },
    });
  });
});

describe('followLog', () => {
  it('keeps a quiet stream alive every 15 seconds, and reads less often the longer it is quiet', async () => {
    const run = await aClaimedRun();
    const startedAt = runs.now().getTime();
    let reads = 0;
    const read: typeof runs.log.read = (ref, at) => {
      reads += 1;
      return runs.log.read(ref, at);
    };
    const { signal } = new AbortController();
    const seen: string[] = [];

    for await (const { type } of followLog({ ...runs, log: { read } }, run, { cursor: 0, signal, sleep })) {
      seen.push(type);
      if (seen.length === 4) break;
    }

    const seconds = (runs.now().getTime() - startedAt) / 1000;
    expect(seen).toEqual(['ready', 'keepalive', 'keepalive', 'keepalive']);
    expect(seconds).toBeGreaterThanOrEqual(45);
    expect(seconds).toBeLessThan(52);
    expect(reads).toBeLessThan(35);
  });

  it('skips lines that are blank, not JSON or without an event, and counts their bytes', async () => {
    const run = await aClaimedRun();
    const junk = Buffer.from('\nnot json\n[]\n{"no":"event"}\n"text"\n');
    const good = encodeLine(line(run, 'good'));
    await runs.log.append(refOf(run), 0, Buffer.concat([junk, good]));

    const steps = await follow(run, 0, 2);

    expect(steps[1]).toMatchObject({ type: 'message', cursor: junk.length + good.length });
  });

  it('ends by the status when a cancelled run stays silent for three seconds', async () => {
    const run = await aClaimedRun();
    const failure = { code: 'x', stage: null, message: 'x' };
    const failed = await finishRun(runs, run, { type: 'failed', failure });

    const steps = await follow(failed);

    expect(steps).toEqual([
      { type: 'ready', cursor: 0, status: 'failed' },
      { type: 'end', cursor: 0, status: 'failed', reason: 'terminal_status' },
    ]);
  });

  it('stops without an end when its reader is gone', async () => {
    const run = await aClaimedRun();
    const gone = new AbortController();
    const steps: Follow[] = [];

    for await (const step of followLog(runs, run, { cursor: 0, signal: gone.signal, sleep })) {
      steps.push(step);
      gone.abort();
    }

    expect(steps.map(({ type }) => type)).toEqual(['ready']);
  });
});

describe('sharedReads', () => {
  it('fifty followers of one run read like one', async () => {
    const run = await aClaimedRun();
    let reads = 0;
    const read = (...args: Parameters<typeof runs.log.read>) => {
      reads += 1;
      return runs.log.read(...args);
    };
    const platform = sharedReads({ ...runs, log: { read } });

    await Promise.all(Array.from({ length: 50 }, () => platform.log.read(refOf(run), 0)));

    expect(reads).toBe(1);
  });

  it('a fault is not shared beyond those who waited for it', async () => {
    const run = await aClaimedRun();
    let failing = true;
    const platform = sharedReads({
      ...runs,
      log: { read: async () => (failing ? Promise.reject(new Error('throttled')) : new Uint8Array()) },
    });
    await expect(platform.log.read(refOf(run), 0)).rejects.toThrow('throttled');

    failing = false;
    expect(await platform.log.read(refOf(run), 0)).toHaveLength(0);
  });
});
