import { describe, expect, it } from 'vitest';
import { agentRunReceipt } from '../../../lib/apis/agent-run/run-cost.ts';
import { toAgentRun } from '../../../lib/apis/agent-run/view.ts';
import type { Receipt } from '../../../lib/apis/cost/receipt.ts';
import { RunCost } from '../../../lib/apis/workspace-runs/outputs/metrics-contract.ts';
import { documentRunReceipt, toRunCost } from '../../../lib/apis/workspace-runs/run-cost.ts';
import { aRun } from '../../support/builders.ts';

const ID = '018f0000-0000-7000-8000-0000000000ee';
const file = { versionId: ID, no: 1, filename: 'a.xlsx', contentType: 'x', byteSize: 1, fileKey: 'key' };

/** Worked on for four seconds, as `aRun` has it. */
const aDocumentRun = (members: Record<string, unknown> = {}) =>
  aRun({
    status: 'succeeded',
    attempt: 1,
    input: { operation: 'process', configurationId: ID, document: { id: ID, ...file } },
    result: {
      output: { ...file, preview: { fileKey: 'preview', indexBytes: 1 } },
      reportKey: 'report',
      logChunks: 2,
    },
    ...members,
  });

const aStreamedRun = (members: Record<string, unknown> = {}) =>
  aRun({
    status: 'succeeded',
    kind: 'agent',
    attempt: 1,
    input: { version: 1, variableNames: [], stream: true, keepContent: false },
    result: {
      usage: { inputTokens: 1000, outputTokens: 200, totalTokens: 1200 },
      modelId: 'us.amazon.nova-lite-v1:0',
    },
    ...members,
  });

const quantities = ({ items }: Receipt): Record<string, number> =>
  Object.fromEntries(items.map(({ unit, quantity }) => [unit, quantity]));

describe('the receipt of a document run', () => {
  it('itemises what its record tells of creating, working and settling', () => {
    const { currency, complete, ...receipt } = documentRunReceipt(aDocumentRun());

    expect([currency, complete]).toEqual(['USD', true]);
    expect(quantities({ currency, complete, ...receipt })).toEqual({
      api_requests: 1,
      lambda_requests: 3, // create, work, settle
      lambda_gb_seconds: 6.910156, // 1,769 MB for four seconds
      step_functions_transitions: 2,
      dynamodb_write_units: 10, // three of the record, three of its places, two of the document, two of the log
      dynamodb_read_units: 12,
      s3_puts: 3, // output, preview, report
      s3_gets: 1,
    });
  });

  it('is said in the words of the API', () => {
    const cost = toRunCost(aDocumentRun());

    expect(cost.items[0]).toEqual({
      unit: 'api_requests',
      quantity: 1,
      unit_price: 0.0000035,
      amount: 0.0000035,
    });
    expect(RunCost.parse(cost)).toEqual(cost);
  });

  it('counts every attempt, and says that it does not know all of them', () => {
    const tried = documentRunReceipt(aDocumentRun({ attempt: 3, version: 5 }));

    expect(tried.complete).toBe(false);
    expect(quantities(tried)).toMatchObject({
      lambda_requests: 5,
      step_functions_transitions: 4,
      dynamodb_write_units: 12,
      dynamodb_read_units: 20,
      s3_gets: 3,
    });
  });

  it('pays for a record of more than one kilobyte as such', () => {
    const long = { fileKey: 'k'.repeat(1000) };
    const { result } = aDocumentRun() as { result: object };

    const receipt = documentRunReceipt(aDocumentRun({ result: { ...result, output: { ...file, ...long } } }));

    expect(quantities(receipt)).toMatchObject({ dynamodb_write_units: 11, s3_puts: 2 });
  });

  it.each([
    ['of an earlier version of the platform', { result: { output: file, reportKey: 'report' } }],
    ['whose output was corrected by hand', { version: 4 }],
    ['that is still worked on', { status: 'running', version: 2 }],
  ])('is not complete for a run %s', (_what, members) => {
    expect(documentRunReceipt(aDocumentRun(members)).complete).toBe(false);
  });
});

describe('the receipt of an agent run', () => {
  it('has the tokens of a stream beside what AWS charges for it', () => {
    const receipt = agentRunReceipt(aStreamedRun());

    expect(receipt.complete).toBe(true);
    expect(quantities(receipt)).toEqual({
      api_requests: 1,
      lambda_requests: 1,
      lambda_gb_seconds: 1, // 256 MB for four seconds
      dynamodb_write_units: 6,
      dynamodb_read_units: 5,
      model_input_tokens: 1000,
      model_output_tokens: 200,
    });
    expect(receipt.items.slice(-2)).toEqual([
      { unit: 'model_input_tokens', quantity: 1000, unitPrice: 6e-8, amount: 0.00006 },
      { unit: 'model_output_tokens', quantity: 200, unitPrice: 2.4e-7, amount: 0.000048 },
    ]);
  });

  it('has a second function and an execution for a whole answer', () => {
    const input = { version: 1, variableNames: [], stream: false, keepContent: true };
    const { result } = aStreamedRun() as { result: object };
    const completedAt = '2026-01-01T00:00:05.010Z'; // Express bills tenths of a second

    const receipt = agentRunReceipt(
      aStreamedRun({ input, completedAt, result: { ...result, contentKey: 'content' } }),
    );

    expect(quantities(receipt)).toMatchObject({
      lambda_requests: 2,
      lambda_gb_seconds: 2.005,
      step_functions_express_requests: 1,
      step_functions_express_gb_seconds: 0.25625,
      dynamodb_read_units: 7,
      s3_puts: 1,
    });
  });

  it.each([
    ['a model whose price is not known', { modelId: 'llama3.2' }],
    [
      'tokens that were guessed',
      { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2, estimated: true } },
    ],
    ['no word of its tokens', { usage: undefined }],
  ])('is not complete with %s', (_what, members) => {
    const { result } = aStreamedRun() as { result: object };

    const receipt = agentRunReceipt(aStreamedRun({ result: { ...result, ...members } }));

    expect(receipt.complete).toBe(false);
    expect(Object.keys(quantities(receipt))).not.toContain('model_input_tokens');
  });

  it('is not there while the run is open', () => {
    const open = { status: 'running', result: undefined, completedAt: undefined };

    expect(toAgentRun(aStreamedRun(open)).cost).toBeNull();
    expect(toAgentRun(aStreamedRun()).cost).toEqual(agentRunReceipt(aStreamedRun()));
  });
});
