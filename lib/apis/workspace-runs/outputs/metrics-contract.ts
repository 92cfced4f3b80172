import * as z from 'zod';
import { receiptSchema } from '../../cost/schema.ts';
import { RunMetrics } from '../contract.ts';
import { BASE, define, ofRun } from '../wire.ts';

export const RunCost = receiptSchema(
  { unit_price: z.number() },
  'of a run that was tried several times',
).meta({
  id: 'RunCost',
  description:
    'What AWS charges for creating, working on and settling the run, at list prices of us-east-1, as far as its record tells. Amounts are exact to a trillionth of a dollar. Not in it: whatever reads the run (its event stream, polling, downloads), the upload of its document, storage, logs and data transfer, and the milliseconds of the functions around its worker.',
});
export type RunCost = z.infer<typeof RunCost>;

/** The metrics as they are answered: what the report counted, and what the run cost. */
export const RunMetricsWithCost = RunMetrics.extend({ cost: RunCost }).meta({ id: 'RunMetricsWithCost' });

export const getRunMetrics = define({
  operationId: 'getRunMetrics',
  method: 'GET',
  path: `${BASE}/runs/{runId}/metrics`,
  summary: "Get the counts of a succeeded run's report, and what the run cost",
  permission: 'workspace.runs.read',
  input: { path: ofRun },
  success: { status: 200, body: RunMetricsWithCost },
});
