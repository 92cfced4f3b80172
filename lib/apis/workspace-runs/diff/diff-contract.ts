import * as z from 'zod';
import { MAX_LISTED_CELLS } from '../../../spreadsheets/diff/limits.ts';
import { BASE, define, workspacePath } from '../wire.ts';

export const SheetDiff = z
  .object({
    name: z.string(),
    /** Rows that only the later one has. */
    added: z.int(),
    /** Rows that only the earlier one has. */
    removed: z.int(),
    changed: z.array(
      z.object({
        row: z.int().min(1).describe('Of the later one, from 1'),
        column: z.string().describe('Its letters in the later one, or in the earlier one if it is gone'),
        from: z.string(),
        to: z.string(),
      }),
    ),
    truncated: z.boolean().describe(`More cells differ; ${MAX_LISTED_CELLS} are listed over all sheets`),
  })
  .meta({ id: 'SheetDiff' });

export const RunDiff = z.object({ sheets: z.array(SheetDiff) }).meta({ id: 'RunDiff' });
export type RunDiff = z.infer<typeof RunDiff>;

export const diffRuns = define({
  operationId: 'diffRuns',
  method: 'GET',
  path: `${BASE}/runs/{runId}/diff/{otherRunId}`,
  summary: "Say how another run's output differs from a run's, sheet by sheet and cell by cell",
  permission: 'workspace.runs.read',
  input: { path: z.object({ ...workspacePath, runId: z.uuid(), otherRunId: z.uuid() }) },
  success: { status: 200, body: RunDiff },
  errors: [409, 415],
  computes: true,
});
