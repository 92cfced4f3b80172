import type { Run } from '../../runs/run.ts';
import { atListPrices, type Receipt, receiptOf } from '../cost/receipt.ts';
import { gbSeconds, isPlain, recordWrites, workedMs } from '../cost/run-usage.ts';
import { TRANSITIONS } from '../cost/transitions.ts';
import { documentRunInput, documentRunResult } from './document-run.ts';
import type { RunCost } from './outputs/metrics-contract.ts';

/** Strongly consistent reads of records, one unit each: of the workspace, the configuration and the document. */
const CREATE_READS = 3;
/** Of the run and its configuration. */
const WORK_READS = 2;
/** Of what the configuration has learned, and of what was said of the document. */
const TAUGHT_READS = 2;
/** Of the run, and up to three of the end of its log. */
const SETTLE_READS = 4;

/**
 * What a run of a document has cost, from the request that created it to its end. A log chunk is one write
 * unit while a second of lines deflates to less than 1 KB; the document's record is taken to be as small.
 */
export function documentRunReceipt(run: Run): Receipt {
  const { document } = documentRunInput(run);
  const { output, reportKey, taughtKey, logChunks } = documentRunResult(run);
  const { attempt } = run;
  // The document names the run when it is created, and counts its outputs.
  const documentWrites = Number(document !== undefined) + Number(output !== undefined);
  const workReads = WORK_READS + (document === undefined ? 0 : TAUGHT_READS);
  const usage = {
    api_requests: 1,
    lambda_requests: 1 + attempt + 1,
    lambda_gb_seconds: gbSeconds('worker', workedMs(run)),
    step_functions_transitions: TRANSITIONS.document + Math.max(0, attempt - 1),
    dynamodb_write_units: recordWrites(run) + documentWrites + (logChunks ?? 0),
    dynamodb_read_units: CREATE_READS + attempt * workReads + Number(output !== undefined) + SETTLE_READS,
    s3_puts: [output, output?.preview, reportKey, taughtKey].filter((stored) => stored !== undefined).length,
    s3_gets: document === undefined ? 0 : attempt,
  };
  return receiptOf(atListPrices(usage), { complete: isPlain(run) && logChunks !== undefined });
}

/** The receipt in this API's words. */
export function toRunCost(run: Run): RunCost {
  const { items, ...receipt } = documentRunReceipt(run);
  return {
    ...receipt,
    items: items.map(({ unit, quantity, unitPrice, amount }) => ({
      ...{ unit, quantity, unit_price: unitPrice, amount },
    })),
  };
}
