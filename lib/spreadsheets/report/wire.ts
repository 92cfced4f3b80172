import * as z from 'zod';
import { MAX_ENCODING_CHARACTERS } from '../csv-options.ts';
import { MAX_MAPPING_REASON, MAX_SHEET_NAME } from '../limits.ts';
import { readingMetrics } from './reading.ts';
import type { ColumnReport, RunReport, Severity } from './report.ts';

/** Several signs that each take two UTF-16 units, and a space: none that is detected is longer. */
const MAX_DELIMITER = 16;

/** Whether a result is any good: all fields were found, some of them, or none. */
export const EvaluationOutcome = z.enum(['success', 'partial', 'failure', 'unknown']);

/** Counts of a run as callers get them; absent members are unknown. */
export const RunMetrics = z.object({
  evaluation_outcome: EvaluationOutcome,
  evaluation_findings_total: z.int(),
  evaluation_findings_info: z.int(),
  evaluation_findings_warning: z.int(),
  evaluation_findings_error: z.int(),
  validation_issues_total: z.int(),
  validation_issues_info: z.int().optional(),
  validation_issues_warning: z.int().optional(),
  validation_issues_error: z.int().optional(),
  validation_max_severity: z.string().optional(),
  workbook_count: z.int(),
  sheet_count: z.int(),
  table_count: z.int(),
  row_count_total: z.int(),
  row_count_empty: z.int(),
  /** Rows of tables that are not in the output; there only where there are any. */
  row_count_dropped: z.int().optional(),
  column_count_total: z.int(),
  column_count_empty: z.int(),
  column_count_mapped: z.int(),
  column_count_unmapped: z.int(),
  field_count_expected: z.int(),
  field_count_detected: z.int(),
  field_count_not_detected: z.int(),
  cell_count_total: z.int(),
  cell_count_non_empty: z.int(),
  /** There only where the reading was not plain, or is in doubt. */
  read_findings_total: z.int().optional(),
  csv_encoding: z.string().max(MAX_ENCODING_CHARACTERS).optional(),
  csv_delimiter: z.string().max(MAX_DELIMITER).optional(),
  /** 0 to 1: that of the encoding or of the delimiter, whichever is less sure. */
  csv_confidence: z.number().optional(),
});
export type RunMetrics = z.infer<typeof RunMetrics>;

export const RunField = z.object({
  field: z.string(),
  label: z.string().optional(),
  detected: z.boolean(),
  best_mapping_score: z.number().optional(),
  occurrences_tables: z.int(),
  occurrences_columns: z.int(),
  /** Filled cells of its columns without an issue; absent of runs that ended before they were counted. */
  valid_cells: z.int().optional(),
});
export type RunField = z.infer<typeof RunField>;

export const MAPPING_STATUSES = ['mapped', 'unmapped'] as const;

export const RunColumn = z.object({
  /** `sheet.table.column`, by their indexes; absent of runs that ended before columns had one. */
  column_id: z.string().optional(),
  workbook_index: z.int(),
  workbook_name: z.string(),
  sheet_index: z.int(),
  sheet_name: z.string(),
  table_index: z.int(),
  column_index: z.int(),
  header_raw: z.string().optional(),
  header_normalized: z.string().optional(),
  non_empty_cells: z.int(),
  /** Those without an issue; absent of runs that ended before they were counted. */
  valid_cells: z.int().optional(),
  mapping_status: z.enum(MAPPING_STATUSES),
  mapped_field: z.string().optional(),
  mapping_score: z.number().optional(),
  /** `classifier`, or `correction` where somebody said what the column is. */
  mapping_method: z.string().optional(),
  /** Why the column got its field: `exact words`, `whole header`, `learned`, `similar to "customer name" 0.91`, `values 97 % match`. */
  mapping_reason: z.string().max(MAX_MAPPING_REASON).optional(),
  /** The best field that the column did not get. */
  runner_up: z.object({ field: z.string(), score: z.number() }).optional(),
  unmapped_reason: z.string().optional(),
});
export type RunColumn = z.infer<typeof RunColumn>;

export function runMetrics({ counts, evaluation, validation, reading }: RunReport): RunMetrics {
  const { issues_by_severity: issues, max_severity } = validation;
  const findings = (severity: Severity): number =>
    evaluation.findings.filter((finding) => finding.severity === severity).length;
  return {
    evaluation_outcome: evaluation.outcome,
    evaluation_findings_total: evaluation.findings.length,
    evaluation_findings_info: findings('info'),
    evaluation_findings_warning: findings('warning'),
    evaluation_findings_error: findings('error'),
    validation_issues_total: validation.issues_total,
    ...(issues.info === undefined ? {} : { validation_issues_info: issues.info }),
    ...(issues.warning === undefined ? {} : { validation_issues_warning: issues.warning }),
    ...(issues.error === undefined ? {} : { validation_issues_error: issues.error }),
    ...(max_severity === null ? {} : { validation_max_severity: max_severity }),
    workbook_count: counts.workbooks ?? 0,
    sheet_count: counts.sheets ?? 0,
    table_count: counts.tables ?? 0,
    row_count_total: counts.rows.total,
    row_count_empty: counts.rows.empty,
    ...(counts.rows.dropped === undefined ? {} : { row_count_dropped: counts.rows.dropped }),
    column_count_total: counts.columns.total,
    column_count_empty: counts.columns.empty,
    column_count_mapped: counts.columns.mapped,
    column_count_unmapped: counts.columns.unmapped,
    field_count_expected: counts.fields.expected,
    field_count_detected: counts.fields.detected,
    field_count_not_detected: counts.fields.not_detected,
    cell_count_total: counts.cells.total,
    cell_count_non_empty: counts.cells.non_empty,
    ...readingMetrics(reading),
  };
}

const columnsOf = ({ workbooks }: Pick<RunReport, 'workbooks'>) =>
  workbooks.flatMap(({ sheets }) =>
    sheets.flatMap(({ tables }) =>
      tables.flatMap(({ locator, structure }) => structure.columns.map((column) => ({ locator, column }))),
    ),
  );

/** Cells without an issue: where none was found, all that are filled. */
const validOf = ({ valid_cells, non_empty_cells }: ColumnReport): number => valid_cells ?? non_empty_cells;

/** One row per field of the configuration, sorted by field. */
export function runFields({ fields, workbooks }: RunReport): RunField[] {
  const valid = new Map<string, number>();
  for (const { column } of columnsOf({ workbooks })) {
    const { field } = column.mapping;
    if (field !== null) valid.set(field, (valid.get(field) ?? 0) + validOf(column));
  }
  return fields
    .map(({ field, label, detected, best_mapping_score, occurrences }) => ({
      field,
      ...(label === null ? {} : { label }),
      detected,
      ...(best_mapping_score === null ? {} : { best_mapping_score }),
      occurrences_tables: occurrences.tables,
      occurrences_columns: occurrences.columns,
      valid_cells: valid.get(field) ?? 0,
    }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** One row per column of every table, in the order of workbook, sheet, table and column. */
export function runColumns(report: RunReport): RunColumn[] {
  return columnsOf(report).map(({ locator, column }): RunColumn => {
    const { index, header, non_empty_cells, mapping } = column;
    const { status, field, score, method, mapping_reason, runner_up, unmapped_reason } = mapping;
    return {
      column_id: `${locator.sheet.index}.${locator.table.index}.${index}`,
      workbook_index: locator.workbook.index,
      workbook_name: locator.workbook.name,
      sheet_index: locator.sheet.index,
      sheet_name: locator.sheet.name.slice(0, MAX_SHEET_NAME),
      table_index: locator.table.index,
      column_index: index,
      ...(header.raw === null ? {} : { header_raw: header.raw }),
      ...(header.normalized === null ? {} : { header_normalized: header.normalized }),
      non_empty_cells,
      valid_cells: validOf(column),
      mapping_status: status,
      ...(field === null ? {} : { mapped_field: field }),
      ...(score === null ? {} : { mapping_score: score }),
      ...(method === null ? {} : { mapping_method: method }),
      ...(mapping_reason === null ? {} : { mapping_reason }),
      ...(runner_up === null ? {} : { runner_up }),
      ...(unmapped_reason === null ? {} : { unmapped_reason }),
    };
  });
}
