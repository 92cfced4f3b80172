import type { ScanReport } from '../detect/row-scan.ts';
import type { ReadFinding } from '../findings.ts';
import type { Candidate, MappingMethod, UnmappedReason } from '../map/column-mapper.ts';
import type { CsvReading, FileFormat } from '../read/reader.ts';

export type Severity = 'info' | 'warning' | 'error';

export interface Counts {
  workbooks: number | null;
  sheets: number | null;
  tables: number | null;
  /** `dropped` is there only where rows were left out of the output; they are in the total. */
  rows: { total: number; empty: number; dropped?: number };
  columns: { total: number; empty: number; mapped: number; unmapped: number };
  fields: { expected: number; detected: number; not_detected: number };
  cells: { total: number; non_empty: number };
}

export interface Validation {
  rows_evaluated: number;
  issues_total: number;
  issues_by_severity: Partial<Record<Severity, number>>;
  max_severity: Severity | null;
}

export interface FieldSummary {
  field: string;
  label: string | null;
  detected: boolean;
  best_mapping_score: number | null;
  occurrences: { tables: number; columns: number };
}

export interface ColumnReport {
  index: number;
  header: { raw: string | null; normalized: string | null };
  non_empty_cells: number;
  /** Of the non-empty cells, those without an issue; null where that is all of them, as ADE has it. */
  valid_cells: number | null;
  mapping: {
    status: 'mapped' | 'unmapped';
    field: string | null;
    score: number | null;
    method: MappingMethod | null;
    candidates: Candidate[];
    /** Why the column got its field, and the best field that it did not get. */
    mapping_reason: string | null;
    runner_up: Candidate | null;
    unmapped_reason: UnmappedReason | null;
  };
}

interface Normalized {
  path: string;
  sheet_name: string | null;
  range_a1: string | null;
}

export interface Summary {
  counts: Counts;
  validation: Validation;
  fields: FieldSummary[];
}

interface Reference {
  index: number;
  name: string;
}

/** Rows of a table that are not in the output: all are counted, the first 1,000 named, from 1 as the sheet does. */
export interface Dropped {
  counts: Record<string, number>;
  rows: { row: number; reason: string }[];
}

export interface TableReport extends Omit<Summary, 'fields'> {
  scope: 'table';
  locator: { workbook: Reference; sheet: Reference; table: { index: number } };
  structure: {
    region: { a1: string };
    header: { row_start: number; row_count: number; inferred: boolean };
    data: { row_start: number; row_count: number };
    columns: ColumnReport[];
  };
  /** Absent where no row was. */
  dropped?: Dropped;
  outputs: { normalized: Normalized } | null;
}

export interface SheetReport extends Summary {
  scope: 'sheet';
  locator: { workbook: Reference; sheet: Reference };
  scan: ScanReport | null;
  is_active_sheet: boolean;
  tables: TableReport[];
}

export interface WorkbookReport extends Summary {
  scope: 'workbook';
  locator: { workbook: Reference };
  sheets: SheetReport[];
}

export interface Finding {
  code: string;
  severity: Severity;
  message: string;
  count: number | null;
  meta: Record<string, unknown> | null;
}

export interface Evaluation {
  outcome: 'success' | 'partial' | 'failure' | 'unknown';
  findings: Finding[];
}

export interface Execution {
  status: 'succeeded' | 'failed';
  started_at: string;
  completed_at: string;
  duration_ms: number;
  failure: { stage: string; code: string; message: string } | null;
}

/** The issues of one kind that a field's values have; rows count from 1, as the sheet does. */
export interface IssueReport {
  field: string;
  code: string;
  count: number;
  /** The first ones. */
  examples: { sheet_name: string; row: number; value: string | null }[];
}

/** How the file was read; encoding, dialect and confidence are a text file's. */
export interface ReadingReport {
  format: FileFormat;
  encoding: CsvReading['encoding'] | null;
  dialect: CsvReading['dialect'] | null;
  confidence: CsvReading['confidence'] | null;
  findings: (ReadFinding & { severity: 'info' | 'warning' })[];
}

/** What a run found and did, from the whole workbook down to each column. */
export interface RunReport extends Summary {
  schema_version: 1;
  scope: 'run';
  execution: Execution;
  evaluation: Evaluation;
  /** Absent where there is nothing to tell of it: a text file in UTF-8 with commas, or one that was never opened. */
  reading?: ReadingReport;
  /** Absent where there are none, as ADE's report has no such member. */
  issues?: IssueReport[];
  outputs: { normalized: Normalized } | null;
  workbooks: WorkbookReport[];
}
