import * as z from 'zod';
import { bothSpellings } from '../../operation/spelling.ts';
import { RunColumn } from '../contract.ts';
import { MAX_LEARNED_TEXT } from '../learned/learned-record.ts';
import { BASE, define, instant, ofRun } from '../wire.ts';

const text = z.string().max(MAX_LEARNED_TEXT);
const field = text.min(1);

export const ValueCorrection = z
  .object({
    field: text,
    from: text,
    to: text.nullable(),
    count: z.int().min(1).describe('How often it was said without anything else being said in between'),
    last: instant,
  })
  .meta({ id: 'ValueCorrection' });
export type ValueCorrection = z.infer<typeof ValueCorrection>;

export const correctColumn = define({
  operationId: 'correctColumn',
  method: 'PUT',
  path: `${BASE}/runs/{runId}/columns/{columnId}/correction`,
  summary:
    "Say which field a column of a run is, or that it is none, for the document's later runs and others",
  permission: 'workspace.configurations.manage',
  input: {
    path: ofRun.extend({ columnId: z.string().describe('`column_id` of its row: `sheet.table.column`') }),
    body: bothSpellings({ field: field.nullable().describe('Null where it is no field') }),
  },
  success: { status: 200, body: RunColumn },
  errors: [409, 503],
  uses: { files: ['read'] },
});

export const correctValue = define({
  operationId: 'correctValue',
  method: 'PUT',
  path: `${BASE}/runs/{runId}/corrections/values`,
  summary: 'Say what a value of a field is to be, in later runs of any document',
  permission: 'workspace.configurations.manage',
  input: {
    path: ofRun,
    body: bothSpellings({
      field,
      from: text.trim().min(1).describe('As the output shows it'),
      to: text.nullable().describe('Null, or blank, where there is to be no value'),
    }),
  },
  success: { status: 200, body: ValueCorrection },
  errors: [409, 503],
});
