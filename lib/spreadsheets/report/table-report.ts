import { columnLetters } from '../cells.ts';
import type { Field } from '../configuration.ts';
import type { ColumnMapping } from '../map/column-mapper.ts';
import type { MappedTable } from '../render/render-plan.ts';
import type { DroppedRows } from '../rows/dropped-rows.ts';
import type { SkippedRows } from '../rows/skip-hidden.ts';
import type { ColumnReport, SheetReport, Summary, TableReport } from './report.ts';
import { fieldCounts, tableFields, validationOf } from './summarize.ts';

// How many of a column's candidate fields a report names.
const MAX_CANDIDATES = 3;

/** What a report says of a table, or of several that were written as one. */
export interface TableFacts {
  readonly index: number;
  readonly headerRow: number;
  readonly headerRowCount: number;
  readonly endRow: number;
  /** The sheet's columns that it reaches over, 0-based, both included. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly rows: number;
  readonly emptyRows: number;
  readonly columns: readonly { readonly mapping: ColumnMapping; readonly nonEmpty: number }[];
}

const dataRows = ({ survey }: MappedTable): number =>
  survey.endRow - survey.headerRow - survey.headerRowCount;

const lastColumn = ({ survey }: MappedTable): number =>
  survey.firstColumn + Math.max(0, survey.columns.length - 1);

function singleFacts(table: MappedTable): TableFacts {
  const { survey, mappings, index } = table;
  return {
    index,
    headerRow: survey.headerRow,
    headerRowCount: survey.headerRowCount,
    endRow: survey.endRow,
    firstColumn: survey.firstColumn,
    lastColumn: lastColumn(table),
    rows: dataRows(table),
    emptyRows: survey.emptyRows,
    columns: mappings.map((mapping, column) => ({
      mapping: { ...mapping, index: survey.firstColumn + mapping.index },
      nonEmpty: survey.columns[column]?.nonEmpty ?? 0,
    })),
  };
}

function better(a: ColumnMapping, b: ColumnMapping): ColumnMapping {
  const raw = a.raw ?? b.raw;
  const normalized = a.raw === null ? b.normalized : a.normalized;
  const winner = (b.mapped?.score ?? -1) > (a.mapped?.score ?? -1) ? b : a;
  return { ...winner, index: a.index, raw, normalized };
}

/** Facts of tables as they are reported: columns of one name are one column where tables were merged. */
export function tableFacts(tables: readonly [MappedTable, ...MappedTable[]]): TableFacts {
  const [first, ...others] = tables;
  if (others.length === 0) return singleFacts(first);
  const columns = new Map<string, { mapping: ColumnMapping; nonEmpty: number }>();
  for (const { names, mappings, survey } of tables) {
    names.forEach((name, at) => {
      const mapping = mappings[at];
      if (mapping === undefined) return;
      const known = columns.get(name);
      const nonEmpty = (known?.nonEmpty ?? 0) + (survey.columns[at]?.nonEmpty ?? 0);
      const merged =
        known === undefined ? { ...mapping, index: columns.size } : better(known.mapping, mapping);
      columns.set(name, { mapping: merged, nonEmpty });
    });
  }
  const firstColumn = Math.min(...tables.map(({ survey }) => survey.firstColumn));
  return {
    index: 0,
    headerRow: Math.min(...tables.map(({ survey }) => survey.headerRow)),
    headerRowCount: first.survey.headerRowCount,
    endRow: Math.max(...tables.map(({ survey }) => survey.endRow)),
    firstColumn,
    lastColumn: Math.max(firstColumn + columns.size - 1, ...tables.map(lastColumn)),
    rows: tables.reduce((sum, table) => sum + dataRows(table), 0),
    emptyRows: tables.reduce((sum, { survey }) => sum + survey.emptyRows, 0),
    columns: [...columns.values()],
  };
}

/** Of a column's filled cells, those without an issue; null where none has one. */
function validCells(
  { mapping, nonEmpty }: TableFacts['columns'][number],
  invalid: Rendered['invalid'],
): number | null {
  const count = mapping.mapped === null ? undefined : invalid.get(mapping.mapped.field);
  return count === undefined ? null : Math.max(0, nonEmpty - count);
}

function columnReport(column: TableFacts['columns'][number], invalid: Rendered['invalid']): ColumnReport {
  const { mapping, nonEmpty } = column;
  const { index, raw, normalized, mapped, method, mappingReason, runnerUp, unmappedReason, scores } = mapping;
  const placeholder = unmappedReason === 'empty_or_placeholder_header';
  const candidates = placeholder ? [] : scores.filter(({ score }) => score > 0).slice(0, MAX_CANDIDATES);
  return {
    index,
    header: { raw, normalized },
    non_empty_cells: nonEmpty,
    valid_cells: validCells(column, invalid),
    mapping: {
      status: mapped === null ? 'unmapped' : 'mapped',
      field: mapped?.field ?? null,
      score: mapped?.score ?? null,
      method,
      candidates,
      mapping_reason: mappingReason,
      runner_up: placeholder ? null : runnerUp,
      unmapped_reason: unmappedReason,
    },
  };
}

/** `A1:K111`, or `A1` for a single cell, as the sheet counts its rows. */
function regionOf({ firstColumn, lastColumn, headerRow, endRow }: TableFacts, skipped: SkippedRows): string {
  const start = `${columnLetters(firstColumn)}${skipped.rowInSheet(headerRow) + 1}`;
  const end = `${columnLetters(lastColumn)}${skipped.rowInSheet(endRow - 1) + 1}`;
  return start === end ? start : `${start}:${end}`;
}

/** What came of writing a table. */
export interface Rendered {
  /** Fields with an issue, over all rows. */
  readonly issues: number;
  /** Of each field, filled cells with an issue. */
  readonly invalid: ReadonlyMap<string, number>;
  /** Rows of the sheet that were not read. */
  readonly skipped: SkippedRows;
  /** Rows of the table that were not written. */
  readonly dropped: DroppedRows;
  /** Fields that were made of others. */
  readonly made: readonly string[];
}

/** A table's part of the report, and its fields for the sums above it. */
export function tableReport(
  facts: TableFacts,
  locator: SheetReport['locator'],
  expected: readonly Field[],
  { issues, invalid, skipped, dropped, made }: Rendered,
): { report: TableReport; summary: Summary } {
  const { columns, rows } = facts;
  const mapped = columns.flatMap(({ mapping }) => mapping.mapped ?? []);
  const fields = tableFields(expected, mapped, made);
  const nonEmpty = columns.reduce((sum, column) => sum + column.nonEmpty, 0);
  const { headerRow, headerRowCount } = facts;
  const rowNumber = (row: number): number => skipped.rowInSheet(row) + 1;
  const header = { row_start: rowNumber(headerRow), row_count: headerRowCount, inferred: false };
  const dataStart = rows > 0 ? rowNumber(headerRow + headerRowCount) : header.row_start + header.row_count;
  const report: TableReport = {
    scope: 'table',
    locator: { ...locator, table: { index: facts.index } },
    counts: {
      workbooks: null,
      sheets: null,
      tables: null,
      rows: {
        total: rows,
        empty: facts.emptyRows,
        ...(dropped.count === 0 ? {} : { dropped: dropped.count }),
      },
      columns: {
        total: columns.length,
        empty: columns.filter((column) => column.nonEmpty === 0).length,
        mapped: mapped.length,
        unmapped: columns.length - mapped.length,
      },
      fields: fieldCounts(fields),
      cells: { total: rows * columns.length, non_empty: nonEmpty },
    },
    // Rows that fail were looked at, those that rules drop were not.
    validation: validationOf(rows - dropped.count + dropped.countOf('failRow'), issues),
    structure: {
      region: { a1: regionOf(facts, skipped) },
      header,
      data: { row_start: dataStart, row_count: rows },
      columns: columns.map((column) => columnReport(column, invalid)),
    },
    ...(dropped.count === 0 ? {} : { dropped: dropped.report() }),
    outputs: null,
  };
  return { report, summary: { counts: report.counts, validation: report.validation, fields } };
}
