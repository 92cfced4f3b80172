import type { Field } from '../configuration.ts';
import type {
  Finding,
  IssueReport,
  ReadingReport,
  RunReport,
  SheetReport,
  WorkbookReport,
} from './report.ts';
import { evaluate, summarize } from './summarize.ts';
import { columnsToDecide } from './to-decide.ts';

/** How a run went. `output` is the name of the workbook written, null if none was. */
export interface RunOutcome {
  readonly startedAt: Date;
  readonly completedAt: Date;
  readonly failure: { code: string; stage: string; message: string } | null;
  readonly output: string | null;
  readonly reading: ReadingReport | null;
  readonly issues: IssueReport[];
  /** What was found beside missing fields and issues. */
  readonly findings: readonly Finding[];
}

/** The whole report of a run over one workbook; after a failure it holds what was found until then. */
export function runReport(
  inputName: string,
  expected: readonly Field[],
  sheets: SheetReport[],
  { startedAt, completedAt, failure, output, reading, issues, findings }: RunOutcome,
): RunReport {
  const tables = sheets.reduce((sum, { counts }) => sum + (counts.tables ?? 0), 0);
  const workbook: WorkbookReport = {
    scope: 'workbook',
    locator: { workbook: { index: 0, name: inputName } },
    ...summarize(expected, sheets, { workbooks: null, sheets: sheets.length, tables }),
    sheets,
  };
  const summary = summarize(expected, [workbook], { workbooks: 1, sheets: sheets.length, tables });
  return {
    schema_version: 1,
    scope: 'run',
    execution: {
      status: failure === null ? 'succeeded' : 'failed',
      started_at: startedAt.toISOString(),
      completed_at: completedAt.toISOString(),
      duration_ms: Math.max(0, completedAt.getTime() - startedAt.getTime()),
      failure,
    },
    evaluation: evaluate(summary, failure !== null, [...findings, ...columnsToDecide(sheets)]),
    ...summary,
    ...(reading === null ? {} : { reading }),
    ...(issues.length === 0 ? {} : { issues }),
    outputs: output === null ? null : { normalized: { path: output, sheet_name: null, range_a1: null } },
    workbooks: [workbook],
  };
}
