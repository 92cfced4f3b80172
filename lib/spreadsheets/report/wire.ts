import type { RunReport, Severity } from './report.ts';

/** Counts of a run as callers get them; absent members are unknown. */
export interface RunMetrics {
  evaluation_outcome: string;
  evaluation_findings_total: number;
  evaluation_findings_info: number;
  evaluation_findings_warning: number;
  evaluation_findings_error: number;
  validation_issues_total: number;
  validation_issues_info?: number;
  validation_issues_warning?: number;
  validation_issues_error?: number;
  validation_max_severity?: string;
  workbook_count: number;
  sheet_count: number;
  table_count: number;
  row_count_total: number;
  row_count_empty: number;
  column_count_total: number;
  column_count_empty: number;
  column_count_mapped: number;
  column_count_unmapped: number;
  field_count_expected: number;
  field_count_detected: number;
  field_count_not_detected: number;
  cell_count_total: number;
  cell_count_non_empty: number;
}

export interface RunField {
  field: string;
  label?: string;
  detected: boolean;
  best_mapping_score?: number;
  occurrences_tables: number;
  occurrences_columns: number;
}

export interface RunColumn {
  workbook_index: number;
  workbook_name: string;
  sheet_index: number;
  sheet_name: string;
  table_index: number;
  column_index: number;
  header_raw?: string;
  header_normalized?: string;
  non_empty_cells: number;
  mapping_status: 'mapped' | 'unmapped';
  mapped_field?: string;
  mapping_score?: number;
  mapping_method?: string;
  unmapped_reason?: string;
}

export function runMetrics({ counts, evaluation, validation }: RunReport): RunMetrics {
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
    column_count_total: counts.columns.total,
    column_count_empty: counts.columns.empty,
    column_count_mapped: counts.columns.mapped,
    column_count_unmapped: counts.columns.unmapped,
    field_count_expected: counts.fields.expected,
    field_count_detected: counts.fields.detected,
    field_count_not_detected: counts.fields.not_detected,
    cell_count_total: counts.cells.total,
    cell_count_non_empty: counts.cells.non_empty,
  };
}

/** One row per field of the configuration, sorted by field. */
export function runFields({ fields }: RunReport): RunField[] {
  return fields
    .map(({ field, label, detected, best_mapping_score, occurrences }) => ({
      field,
      ...(label === null ? {} : { label }),
      detected,
      ...(best_mapping_score === null ? {} : { best_mapping_score }),
      occurrences_tables: occurrences.tables,
      occurrences_columns: occurrences.columns,
    }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** One row per column of every table, in the order of workbook, sheet, table and column. */
export function runColumns({ workbooks }: RunReport): RunColumn[] {
  const tables = workbooks.flatMap(({ sheets }) => sheets.flatMap((sheet) => sheet.tables));
  return tables.flatMap(({ locator, structure }) =>
    structure.columns.map(({ index, header, non_empty_cells, mapping }): RunColumn => {
      const { status, field, score, method, unmapped_reason } = mapping;
      return {
        workbook_index: locator.workbook.index,
        workbook_name: locator.workbook.name,
        sheet_index: locator.sheet.index,
        sheet_name: locator.sheet.name,
        table_index: locator.table.index,
        column_index: index,
        ...(header.raw === null ? {} : { header_raw: header.raw }),
        ...(header.normalized === null ? {} : { header_normalized: header.normalized }),
        non_empty_cells,
        mapping_status: status,
        ...(field === null ? {} : { mapped_field: field }),
        ...(score === null ? {} : { mapping_score: score }),
        ...(method === null ? {} : { mapping_method: method }),
        ...(unmapped_reason === null ? {} : { unmapped_reason }),
      };
    }),
  );
}
