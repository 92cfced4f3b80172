import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Complaint, type Values } from '../../bin/commands/command.ts';
import { showCost } from '../../bin/commands/cost.ts';
import { type Receipt, sumOfReceipts } from '../../lib/apis/cost/receipt.ts';
import { bareTerminal } from '../commands/terminal.ts';
import { makeAgent } from '../support/agents.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let runId: string;
let failedId: string;
let agentId: string;
let agentRunId: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  const { body: run } = await platform.run(platform.demo.documentId);
  runId = run.id;
  const { body: bad } = await platform.upload('bad.xlsx', 'no workbook');
  failedId = (await platform.run(bad.id)).body.id;
  agentId = await makeAgent(platform);
  const json = { agent_id: agentId, variables: { user_name: 'Ada', topic: 'tea' }, stream: true };
  const answer = await platform.call('POST', '/api/v1/run', { json });
  agentRunId = answer.headers.get('x-run-id') ?? '';
});
afterAll(() => platform.close());

/** As the command is typed, beside the test's platform. */
const cost = async (values: Values = {}) => {
  const { url, demo } = platform;
  const where = { url, key: demo.apiKey, workspace: demo.workspaceId };
  return showCost.act({ ...where, ...values }, { ...bareTerminal, write: () => {}, complain: () => {} });
};

const metricsCost = async () => (await platform.call('GET', `runs/${runId}/metrics`)).body.cost;
const agentCost = async () =>
  (await platform.call('GET', `/api/v1/agents/${agentId}/runs/${agentRunId}`)).body.cost;

describe('GET …/runs/{runId}/metrics', () => {
  it('200: says beside the metrics what the run cost, unit by unit', async () => {
    const { currency, total, items, complete } = await metricsCost();

    expect([currency, complete]).toEqual(['USD', true]);
    expect(items.map(({ unit }: { unit: string }) => unit)).toEqual([
      ...['api_requests', 'lambda_requests', 'lambda_gb_seconds', 'step_functions_transitions'],
      ...['dynamodb_write_units', 'dynamodb_read_units', 's3_puts', 's3_gets'],
    ]);
    const amounts = items.map(({ amount }: { amount: number }) => Math.round(amount * 1e12));
    expect(amounts.reduce((sum: number, amount: number) => sum + amount, 0)).toBe(Math.round(total * 1e12));
    for (const { quantity, unit_price, amount } of items)
      expect(amount).toBeCloseTo(quantity * unit_price, 12);
  });

  it('404: a run that failed has no metrics, and no cost with them', async () => {
    expect(await platform.call('GET', `runs/${failedId}/metrics`)).toMatchObject({
      ...{ status: 404, body: { detail: 'Run metrics not available' } },
    });
  });
});

describe('GET /api/v1/agents/{agentId}/runs/{runId}', () => {
  it('200: says what the run cost, its tokens included', async () => {
    const { items, complete } = await agentCost();

    expect(complete).toBe(true);
    expect(items.map(({ unit }: { unit: string }) => unit)).toEqual([
      ...['api_requests', 'lambda_requests', 'lambda_gb_seconds'],
      ...['dynamodb_write_units', 'dynamodb_read_units', 'model_input_tokens', 'model_output_tokens'],
    ]);
    // What `echo` says costs nothing, which is not to say that it is not known.
    expect(items.slice(-2).map(({ amount }: { amount: number }) => amount)).toEqual([0, 0]);
  });
});

describe('runplane cost', () => {
  it('sums what the runs of a period have cost, by kind and by unit', async () => {
    const { result, sentence } = await cost({ since: '1h' });

    const { items, ...rest } = await metricsCost();
    const ofDocuments = {
      ...rest,
      items: items.map(({ unit_price, ...item }: { unit_price: number }) => ({
        ...item,
        unitPrice: unit_price,
      })),
    } as Receipt;
    const ofAgents = await agentCost();
    expect(result).toEqual({
      since: expect.any(String),
      kinds: [
        { runs: 'documents', withReceipt: 1, withoutReceipt: 1, cost: sumOfReceipts([ofDocuments]) },
        { runs: 'agents', withReceipt: 1, withoutReceipt: 0, cost: sumOfReceipts([ofAgents]) },
      ],
      cost: sumOfReceipts([ofDocuments, ofAgents]),
    });
    expect(sentence).toMatch(/^documents +1 +\$0\.0000\d+ +1 more without a receipt$/m);
    expect(sentence).toMatch(/^agents +1 +\$0\.0000\d+$/m);
    expect(sentence).toMatch(/^s3_puts +3 +\$0\.0000050000 +\$0\.00001500$/m);
    expect(sentence).toMatch(/^total +\$0\.000\d+$/m);
  });

  it('finds nothing where nothing was run', async () => {
    const { workspaceId, apiKey } = {
      workspaceId: platform.demo.otherWorkspaceId,
      apiKey: platform.demo.otherApiKey,
    };

    const { result } = await cost({ workspace: workspaceId, key: apiKey });

    expect(result).toMatchObject({
      kinds: [{ withReceipt: 0 }, { withReceipt: 0 }],
      cost: { total: 0, items: [], complete: true },
    });
  });

  it('itemises one run, of a document or of an agent', async () => {
    const ofDocument = await cost({ run: runId });
    const ofAgent = await cost({ run: agentRunId, agent: agentId });

    expect(ofDocument.result).toMatchObject({ total: (await metricsCost()).total });
    expect(ofDocument.sentence).toMatch(/^step_functions_transitions +2 +\$0\.0000250000 +\$0\.00005000$/m);
    expect(ofAgent.result).toEqual(await agentCost());
  });

  it('keeps to one agent when it is named', async () => {
    const { result } = await cost({ agent: agentId });

    expect(result).toMatchObject({ kinds: [{ runs: `agent ${agentId}`, withReceipt: 1 }] });
  });

  it.each([
    ['a period of nothing', { since: '0d' }, 2, /^--since must be a date such as .* not '0d'\.$/],
    ['a word', { since: 'yesterday' }, 2, /^--since must be a date such as /],
    ['a day that there is not', { since: '2026-13-01' }, 2, /^--since must be a date such as /],
    ['a day to come', { since: '2999-01-01' }, 2, /^--since must be in the past, which 2999-01-01 is not\.$/],
    ['an empty period', { since: '' }, 2, /^--since is empty\.$/],
    ['a run and a period', { run: 'x', since: '1h' }, 2, /^One run needs no --since: leave it out\.$/],
    ['a run that is none', { run: 'x' }, 1, /^422: /],
    ['an unknown agent', { agent: 'nobody' }, 1, /^404: Agent not found/],
    [
      'an unknown workspace',
      { workspace: '018f0000-0000-7000-8000-000000000009' },
      1,
      /^404: Workspace not found/,
    ],
  ])('says in a sentence what is wrong: %s', async (_what, values, exitCode, said) => {
    const failed = await cost(values as Values).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(Complaint);
    expect(failed).toMatchObject({ exitCode, message: expect.stringMatching(said) });
    expect(String((failed as Complaint).message).split('\n')).toHaveLength(1);
  });

  it('says why a run that failed has no receipt', async () => {
    await expect(cost({ run: failedId })).rejects.toMatchObject({
      message: `Run ${failedId} has no receipt: only a run that succeeded has one.`,
    });
  });
});
