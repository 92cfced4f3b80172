import type { Field } from '../configuration.ts';
import type { Counts, Evaluation, FieldSummary, Finding, Severity, Summary, Validation } from './report.ts';

/** A field's place in a report before anything was found. */
const unseen = ({ name, label }: Field): FieldSummary => ({
  field: name,
  label: label ?? null,
  detected: false,
  best_mapping_score: null,
  occurrences: { tables: 0, columns: 0 },
});

/** Issues as they are reported: all of them are warnings. */
export function validationOf(rows: number, issues: number): Validation {
  return {
    rows_evaluated: rows,
    issues_total: issues,
    issues_by_severity: issues === 0 ? {} : { warning: issues },
    max_severity: issues === 0 ? null : 'warning',
  };
}

function sumValidation(parts: readonly Summary[]): Validation {
  const sum = (value: (validation: Validation) => number): number =>
    parts.reduce((total, { validation }) => total + value(validation), 0);
  return validationOf(
    sum(({ rows_evaluated }) => rows_evaluated),
    sum(({ issues_total }) => issues_total),
  );
}

function sumFields(expected: readonly Field[], parts: readonly Summary[]): FieldSummary[] {
  return expected.map((field) => {
    const summary = unseen(field);
    for (const { fields } of parts) {
      const found = fields.find((candidate) => candidate.field === field.name);
      if (!found?.detected) continue;
      summary.detected = true;
      summary.occurrences.tables += found.occurrences.tables;
      summary.occurrences.columns += found.occurrences.columns;
      // A field that was made has no score.
      if (found.best_mapping_score === null) continue;
      summary.best_mapping_score = Math.max(summary.best_mapping_score ?? 0, found.best_mapping_score);
    }
    return summary;
  });
}

/** Fields of a table: one occurrence per mapped column. Those that are made of others are there without one. */
export function tableFields(
  expected: readonly Field[],
  mapped: readonly { field: string; score: number }[],
  made: readonly string[] = [],
): FieldSummary[] {
  return expected.map((field) => {
    const scores = mapped.filter(({ field: name }) => name === field.name).map(({ score }) => score);
    if (scores.length === 0) {
      if (!made.includes(field.name)) return unseen(field);
      return { ...unseen(field), detected: true, occurrences: { tables: 1, columns: 0 } };
    }
    return {
      ...unseen(field),
      detected: true,
      best_mapping_score: Math.max(0, ...scores),
      occurrences: { tables: 1, columns: scores.length },
    };
  });
}

export function fieldCounts(fields: readonly FieldSummary[]): Counts['fields'] {
  const detected = fields.filter((field) => field.detected).length;
  return { expected: fields.length, detected, not_detected: fields.length - detected };
}

/** Sums up the parts of a sheet, a workbook or a run; `level` says how many of what there are. */
export function summarize(
  expected: readonly Field[],
  parts: readonly Summary[],
  level: Pick<Counts, 'workbooks' | 'sheets' | 'tables'>,
): Summary {
  const fields = sumFields(expected, parts);
  const counts: Counts = {
    ...level,
    rows: { total: 0, empty: 0 },
    columns: { total: 0, empty: 0, mapped: 0, unmapped: 0 },
    fields: fieldCounts(fields),
    cells: { total: 0, non_empty: 0 },
  };
  for (const part of parts) {
    counts.rows.total += part.counts.rows.total;
    counts.rows.empty += part.counts.rows.empty;
    if (part.counts.rows.dropped !== undefined) {
      counts.rows.dropped = (counts.rows.dropped ?? 0) + part.counts.rows.dropped;
    }
    counts.columns.total += part.counts.columns.total;
    counts.columns.empty += part.counts.columns.empty;
    counts.columns.mapped += part.counts.columns.mapped;
    counts.columns.unmapped += part.counts.columns.unmapped;
    counts.cells.total += part.counts.cells.total;
    counts.cells.non_empty += part.counts.cells.non_empty;
  }
  return { counts, validation: sumValidation(parts), fields };
}

const finding = (
  code: string,
  severity: Severity,
  message: string,
  count: number | null = null,
): Finding => ({
  code,
  severity,
  message,
  count,
  meta: null,
});

const EXECUTION_FAILED = finding('execution_failed', 'error', 'Execution failed');

/** Grades a run by what was found, not by whether it ran. `more` findings say nothing of its grade. */
export function evaluate(
  { counts, validation }: Summary,
  failed: boolean,
  more: readonly Finding[] = [],
): Evaluation {
  const { expected, detected } = counts.fields;
  const tables = counts.tables ?? 0;
  if (failed && tables === 0) return { outcome: 'unknown', findings: [EXECUTION_FAILED] };
  const findings: Finding[] = [];
  let outcome: Evaluation['outcome'] = 'success';
  if (tables === 0) {
    outcome = 'failure';
    findings.push(finding('no_tables_detected', 'error', 'No tables detected'));
  } else if (detected === 0 && expected > 0) {
    outcome = 'failure';
    findings.push(finding('no_fields_detected', 'error', 'No expected fields detected'));
  } else if (detected < expected) {
    outcome = 'partial';
    const message = `Only ${detected}/${expected} expected fields were detected`;
    findings.push(finding('fields_not_detected', 'warning', message));
  }
  const { warning = 0 } = validation.issues_by_severity;
  if (warning > 0) {
    const message = 'Validation warnings were emitted';
    findings.push(finding('validation_warnings_present', 'warning', message, warning));
  }
  findings.push(...more);
  if (failed) {
    findings.push(EXECUTION_FAILED);
    if (outcome === 'success') outcome = 'partial';
  }
  return { outcome, findings };
}
