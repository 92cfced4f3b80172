import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { dynamoStores } from '../../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { AgentVersion } from '../../../lib/agents/index.ts';
import { agentRunResult } from '../../../lib/apis/agent-run/agent-run.ts';
import { createAgent } from '../../../lib/apis/agent-run/agents.ts';
import { putProvider } from '../../../lib/apis/agent-run/providers.ts';
import { createVersion } from '../../../lib/apis/agent-run/versions.ts';
import { workOnRun } from '../../../lib/apis/agent-run/work.ts';
import type { Models, Platform } from '../../../lib/apis/platform.ts';
import { ANY_LEASE, abandonedRuns } from '../../../lib/runs/abandoned.ts';
import { apply } from '../../../lib/runs/apply.ts';
import { type Run, refOf } from '../../../lib/runs/run.ts';
import { claimRun, recordRun, startRun } from '../../../lib/runs/service.ts';
import { sweepRuns } from '../../../lib/runs/sweep.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

type Stores = Omit<ReturnType<typeof dynamoStores>, 'runs' | 'log'>;
let runs: TestRuns & Stores;
beforeEach(async () => {
  runs = (await openTestRuns()) as TestRuns & Stores;
});
afterEach(() => runs.close());

const INPUT = { version: 1, variableNames: [], stream: false, keepContent: false };
const record = (): Promise<Run> =>
  recordRun(runs, { kind: 'agent', workspaceId: A_WORKSPACE, parentId: 'agent', input: INPUT });

describe('a run of an agent that nobody ends', () => {
  it('is left alone within its time, then timed out, and never started by the sweeper', async () => {
    const run = await record();
    await claimRun(runs, refOf(run), 0);
    runs.advance(130);
    expect(await sweepRuns(runs)).toMatchObject({ extended: 1 });
    expect(await runs.runs.get(refOf(run))).toMatchObject({ status: 'running' });

    runs.advance(301);
    expect(await sweepRuns(runs)).toMatchObject({ ended: 1, started: 0 });

    expect(await runs.runs.get(refOf(run))).toMatchObject({ status: 'timed_out' });
    expect(runs.executor.started).toEqual([]);
    expect(runs.executor.stopped).toEqual([]);
  });

  it('is failed at once where its caller went with a process, and no other run of an agent is', async () => {
    const of = { workspaceId: A_WORKSPACE, parentId: 'document', input: {} };
    const [run, document] = [await record(), await startRun(runs, { ...of, kind: 'document' })];
    await claimRun(runs, refOf(run), 0);
    const abandoned = await abandonedRuns(runs);
    const later = await record();

    expect([...abandoned]).toEqual([run.id]);
    expect(await sweepRuns(runs, { leaseBefore: ANY_LEASE, abandoned })).toMatchObject({ ended: 1 });

    const failure = { code: 'internal_error', message: expect.stringContaining('interrupted') };
    expect(await runs.runs.get(refOf(run))).toMatchObject({ status: 'failed', failure });
    for (const other of [document, later])
      expect(await runs.runs.get(refOf(other))).toMatchObject({ status: 'queued' });
  });
});

describe('a worker', () => {
  const models: Models = () => ({ resolveSecret: async () => '' });
  const logger: Platform['logger'] = { info() {}, warn() {}, error() {} };
  const files = {} as Platform['files'];
  const platform = () => ({ ...runs, models, logger, files });
  const task = (run: Run) => ({
    ...{ workspaceId: A_WORKSPACE, runId: run.id, delivery: 0 },
    request: { agent_id: 'agent', variables: {}, stream: false },
  });
  const never = new AbortController().signal;

  async function anAgent(msPerWord: number): Promise<void> {
    await putProvider(runs, A_WORKSPACE, 'echo', { type: 'echo', msPerWord });
    const agent = await createAgent(runs, A_WORKSPACE, { id: 'agent', name: 'Agent' });
    const messages = [{ role: 'user', content: 'one two three four five six seven eight nine ten' }];
    const model = { provider_id: 'echo', name: 'echo' };
    await createVersion(runs, A_WORKSPACE, agent, AgentVersion.parse({ model, messages }));
  }

  it('ends the model call when its run was cancelled, and adds what it cost', async () => {
    await anAgent(10_000);
    const run = await record();
    const working = workOnRun(platform(), task(run), never);
    await expect.poll(async () => (await runs.runs.get(refOf(run)))?.status).toBe('running');
    const failure = { code: 'cancelled', stage: null, message: 'Gone' };
    await apply(runs, refOf(run), () => ({ type: 'cancelled', at: runs.now().toISOString(), failure }));

    expect(await working).toEqual({ type: 'failed' });

    const ended = await runs.runs.get(refOf(run));
    expect(ended).toMatchObject({ status: 'cancelled', failure, result: { usage: { estimated: true } } });
  });

  it('does nothing for a run that another delivery works on', async () => {
    await anAgent(0);
    const run = await record();
    await claimRun(runs, refOf(run), 0);

    expect(await workOnRun(platform(), task(run), never)).toEqual({ type: 'failed' });
    expect(await runs.runs.get(refOf(run))).toMatchObject({ status: 'running' });
  });

  it('fails the run when its provider is gone by then', async () => {
    const agent = await createAgent(runs, A_WORKSPACE, { id: 'agent', name: 'Agent' });
    const model = { provider_id: 'nowhere', name: 'echo' };
    const messages = [{ role: 'user', content: 'x' }];
    await createVersion(runs, A_WORKSPACE, agent, AgentVersion.parse({ model, messages }));
    const run = await record();

    expect(await workOnRun(platform(), task(run), never)).toEqual({ type: 'failed' });
    expect(await runs.runs.get(refOf(run))).toMatchObject({
      status: 'failed',
      failure: { code: 'invalid_configuration', message: 'Provider not found' },
    });
  });

  it('leaves what was kept of a run to the delivery that ended it', async () => {
    const stored = new Map<string, string>();
    const files = {
      put: async (key: string, bytes: Uint8Array) =>
        void stored.set(key, Buffer.from(bytes).toString('utf8')),
      remove: async (key: string) => void stored.delete(key),
    } as unknown as Platform['files'];
    const on = { ...platform(), files };
    await anAgent(1000);
    const run = await recordRun(runs, {
      ...{ kind: 'agent', workspaceId: A_WORKSPACE, parentId: 'agent' },
      input: { ...INPUT, keepContent: true },
    });
    const slow = workOnRun(on, task(run), never);
    await expect.poll(async () => (await runs.runs.get(refOf(run)))?.status).toBe('running');
    await putProvider(runs, A_WORKSPACE, 'echo', { type: 'echo', msPerWord: 0 });

    const won = await workOnRun(on, { ...task(run), delivery: 1 }, never);
    const ended = await runs.runs.get(refOf(run));
    const lost = await slow;

    expect(won).toMatchObject({ type: 'answered', text: expect.stringContaining('ten') });
    expect(lost).toEqual({ type: 'failed' });
    expect(await runs.runs.get(refOf(run))).toEqual(ended);
    expect(ended).toMatchObject({ status: 'succeeded', result: { usage: { outputTokens: 10 } } });
    const { contentKey } = agentRunResult(ended as Run);
    expect([...stored.keys()]).toEqual([contentKey]);
    expect(stored.get(contentKey ?? '')).toContain('nine ten');
  });
});
