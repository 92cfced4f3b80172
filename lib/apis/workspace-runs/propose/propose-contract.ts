import * as z from 'zod';
import { bothSpellings } from '../../operation/spelling.ts';
import { BASE, define, inWorkspace } from '../wire.ts';

/** Files of one sender, of which each says a little more than the one before. */
const MAX_DOCUMENTS = 10;

const ProposedColumn = z.object({
  /** Its letter in the sheet. */
  column: z.string(),
  header: z.string().nullable(),
  /** The field of the definition; null where none can be made of the column. */
  field: z.string().nullable(),
  type: z.enum(['string', 'integer', 'number', 'boolean', 'date', 'datetime']),
  kind: z.enum(['id', 'code', 'email', 'phone', 'iban', 'postcode', 'currency', 'percent']).nullable(),
  reasons: z.array(z.string()),
});

const ProposedSheet = z.object({
  name: z.string(),
  use: z.boolean(),
  tables: z.array(
    z.object({
      /** From the first header row to the last row of data, such as `A4:H44`. */
      range: z.string(),
      headerRows: z.int(),
      columns: z.array(ProposedColumn),
    }),
  ),
});

const ProposalFinding = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  count: z.int().nullable(),
  meta: z.record(z.string(), z.unknown()).nullable(),
});

export const proposeConfiguration = define({
  operationId: 'proposeConfiguration',
  method: 'POST',
  path: `${BASE}/configurations/propose`,
  summary: 'Propose a configuration for files as these, with the reasons for it; nothing is stored',
  permission: 'workspace.configurations.read',
  input: {
    path: inWorkspace,
    body: bothSpellings({
      document_id: z.uuid().optional(),
      document_ids: z.array(z.uuid()).min(1).max(MAX_DOCUMENTS).optional(),
      table_detection: z.enum(['regions', 'ade']).optional(),
    }).superRefine(({ document_id, document_ids }, context) => {
      if (document_id !== undefined || document_ids !== undefined) return;
      context.addIssue({
        code: 'custom',
        path: ['document_id'],
        message: 'name one document by documentId, or several by documentIds',
      });
    }),
  },
  success: {
    status: 200,
    body: z.object({
      definition: z.record(z.string(), z.unknown()),
      documents: z.array(z.object({ documentId: z.uuid(), sheets: z.array(ProposedSheet) })),
      findings: z.array(ProposalFinding),
    }),
  },
  isRepeatable: true,
  computes: true,
  uses: { table: 'read', files: ['read'] },
});
