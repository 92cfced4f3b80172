import * as z from 'zod';
import { bothSpellings } from '../../operation/spelling.ts';
import { RunMetrics } from '../contract.ts';
import { SheetDiff } from '../diff/diff-contract.ts';
import { BASE, define, workspacePath } from '../wire.ts';

/** What a configuration found wrong with the values of a field, with the first of them. */
export const TriedIssue = z
  .object({
    field: z.string(),
    code: z.string(),
    count: z.int(),
    examples: z.array(z.object({ sheet_name: z.string(), row: z.int(), value: z.string().nullable() })),
  })
  .meta({ id: 'TriedIssue' });

export const TriedConfiguration = z
  .object({
    activeConfigurationId: z.uuid().nullable(),
    mapping: z
      .array(
        z.object({
          header: z.string().nullable(),
          from: z.string().nullable().describe('The field by the active configuration'),
          to: z.string().nullable().describe('The field by this one'),
        }),
      )
      .describe('The columns that get another field'),
    counts: z.object({ active: RunMetrics.nullable(), candidate: RunMetrics }),
    issues: z.object({ active: z.array(TriedIssue).nullable(), candidate: z.array(TriedIssue) }),
    sheets: z.array(SheetDiff).describe('How the output differs from that of the active configuration'),
  })
  .meta({ id: 'TriedConfiguration' });
export type TriedConfiguration = z.infer<typeof TriedConfiguration>;

export const tryConfiguration = define({
  operationId: 'tryConfiguration',
  method: 'POST',
  path: `${BASE}/configurations/{configurationId}/try`,
  summary: 'Say what a configuration would change of a document against the active one, without a run',
  permission: 'workspace.configurations.read',
  input: {
    path: z.object({ ...workspacePath, configurationId: z.uuid() }),
    body: bothSpellings({ document_id: z.uuid() }),
  },
  success: { status: 200, body: TriedConfiguration },
  isRepeatable: true,
  computes: true,
  uses: { table: 'read', files: ['read'] },
});
