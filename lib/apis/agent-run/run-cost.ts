import { priceOf } from '../../agents/index.ts';
import type { Run } from '../../runs/run.ts';
import { atListPrices, type Quantity, type Receipt, receiptOf } from '../cost/receipt.ts';
import { gbSeconds, isPlain, recordWrites, workedMs } from '../cost/run-usage.ts';
import { agentRunInput, agentRunResult } from './agent-run.ts';

/** Strongly consistent reads of records, one unit each: of the agent, its version, its provider and the workspace. */
const CREATE_READS = 4;
/** Of the run, to claim it. */
const CLAIM_READS = 1;
/** Of the version and its provider, by a worker that did not create the run. */
const WORK_READS = 2;

/**
 * What an Express execution is billed for: 64 MB, the least, which holds our machine with a short request, and
 * full tenths of a second.
 */
const EXPRESS_GB = 64 / 1024;
const EXPRESS_STEP_MS = 100;

/** What AWS charges for a run of an agent, and for its model as far as the price is known. */
export function agentRunReceipt(run: Run): Receipt {
  const { stream } = agentRunInput(run);
  const { contentKey } = agentRunResult(run);
  const tokens = tokensOf(run);
  const ms = workedMs(run);
  // A whole answer is made by a function of its own, for which that of the request waits.
  const functions = stream ? 1 : 2;
  const usage = {
    api_requests: 1,
    lambda_requests: functions,
    lambda_gb_seconds: functions * gbSeconds('answering', ms),
    step_functions_express_requests: stream ? 0 : 1,
    step_functions_express_gb_seconds: stream ? 0 : (EXPRESS_GB * inSteps(ms)) / 1000,
    dynamodb_write_units: recordWrites(run),
    dynamodb_read_units: CREATE_READS + run.attempt * (CLAIM_READS + (stream ? 0 : WORK_READS)),
    s3_puts: contentKey === undefined ? 0 : 1,
  };
  return receiptOf([...atListPrices(usage), ...(tokens ?? [])], {
    complete: isPlain(run) && tokens !== undefined,
  });
}

const inSteps = (milliseconds: number): number => Math.ceil(milliseconds / EXPRESS_STEP_MS) * EXPRESS_STEP_MS;

/** Undefined when it is not known how many there were, or what one costs. */
function tokensOf(run: Run): Quantity[] | undefined {
  const { usage, modelId } = agentRunResult(run);
  const price = modelId === undefined ? undefined : priceOf(modelId);
  if (usage === undefined || usage.estimated === true || price === undefined) return undefined;
  const perToken = (perMillion: number): number => perMillion / 1_000_000;
  return [
    { unit: 'model_input_tokens', quantity: usage.inputTokens, unitPrice: perToken(price.input) },
    { unit: 'model_output_tokens', quantity: usage.outputTokens, unitPrice: perToken(price.output) },
  ];
}
