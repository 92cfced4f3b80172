import { columnLetters, headerText } from './cells.ts';
import type { Configuration } from './configuration.ts';
import type { Cells } from './detect/row-scan.ts';
import { RowSource } from './detect/row-source.ts';
import { type SurveyContext, scannedRows, surveySheet } from './detect/survey-sheet.ts';
import type { EventLog } from './events.ts';
import type { SpreadsheetFailure } from './failure.ts';
import { type ColumnMapper, columnNames, renameMapped } from './map/column-mapper.ts';
import type { Corrections } from './map/corrections.ts';
import type { SourceSheet } from './read/reader.ts';
import type { FieldRules } from './render/field-rules.ts';
import { ISSUE_PREFIX, type MappedTable, planTables, type RenderPlan } from './render/render-plan.ts';
import { RowRenderer } from './render/row-renderer.ts';
import { unreadFields } from './render/unread-fields.ts';
import type { Ambiguities } from './report/ambiguities.ts';
import type { IssueTally } from './report/issue-tally.ts';
import type { Reading } from './report/reading.ts';
import type { SheetReport, Summary } from './report/report.ts';
import { summarize } from './report/summarize.ts';
import { tableFacts, tableReport } from './report/table-report.ts';
import { DroppedRows } from './rows/dropped-rows.ts';
import { cellsOf, keptColumns } from './rows/kept-columns.ts';
import type { RowRules } from './rows/row-rules.ts';
import type { ShownWorkbook } from './rows/skip-hidden.ts';
import { headerKey } from './words/words.ts';
import type { SheetSize, WorkbookWriter } from './write/workbook-writer.ts';

export interface SheetContext extends SurveyContext, Pick<ShownWorkbook, 'skippedIn'> {
  readonly reading: Reading;
  readonly issues: IssueTally;
  readonly ambiguities: Ambiguities;
  readonly configuration: Configuration;
  readonly mapper: ColumnMapper;
  readonly corrections: Corrections;
  readonly rules: ReadonlyMap<string, FieldRules>;
  readonly rowRules: RowRules;
  /** Whether a field has a type, so that columns must be known by how they write numbers and dates. */
  readonly hasTypes: boolean;
  readonly writer: WorkbookWriter;
  readonly inputName: string;
  readonly outputName: string;
  /** Tells where a failure without a stage of its own happened. */
  readonly enter: (stage: SpreadsheetFailure['stage']) => void;
}

type Group = readonly [MappedTable, ...MappedTable[]];

function logMapping(log: EventLog, sheetName: string, { index, survey, mappings }: MappedTable): void {
  if (!log.debugging) return;
  for (const { index: column, scores, mapped } of mappings) {
    const at = { sheet_name: sheetName, table_index: index, column_index: survey.firstColumn + column };
    const total = Object.fromEntries(scores.map(({ field, score }) => [field, score]));
    for (const { field, score } of scores) {
      log.debug('engine.detector.column_result', {
        ...at,
        detector: { name: `columns.${field}`, scores: { [field]: score } },
      });
    }
    const [best] = scores;
    log.debug('engine.column_classification', {
      ...at,
      scores: total,
      classification: {
        field: mapped?.field ?? best?.field ?? 'unknown',
        score: mapped?.score ?? best?.score ?? 0,
        considered_fields: Object.keys(total).sort(),
      },
    });
  }
}

function mapTables(
  context: SheetContext,
  { sheetName, sheetIndex }: { sheetName: string; sheetIndex: number },
  surveys: readonly MappedTable['survey'][],
) {
  return surveys.map((survey, index): MappedTable => {
    const { headers, columns, firstColumn } = survey;
    const corrected = context.corrections.of({
      ...{ sheetName, sheetIndex, tableIndex: index, firstColumn },
      headers: columns.map((_, column) => headerKey(headerText(headers[column] ?? null) ?? '')),
    });
    const mappings = context.mapper.map(headers, columns, corrected);
    const { names, collisions } = renameMapped(columnNames(mappings), mappings);
    for (const collision of collisions) {
      context.log.warn('Mapping rename collision; skipping rename', {
        sheet_name: sheetName,
        table_index: index,
        ...collision,
        source_index: survey.firstColumn + collision.source_index,
      });
    }
    const table = { index, survey, mappings, names };
    logMapping(context.log, sheetName, table);
    return table;
  });
}

const mappedShare = ({ mappings }: MappedTable): number =>
  mappings.length === 0 ? 0 : mappings.filter(({ mapped }) => mapped !== null).length / mappings.length;

/** Tables in the order they are written; those of a group share a header row. */
function writeOrder(tables: readonly MappedTable[], { settings }: Configuration): Group[] {
  const order = [...tables];
  // Sorting is stable: tables that map equally well stay as they stand.
  if (settings.sortTablesByMappingRatio) order.sort((a, b) => mappedShare(b) - mappedShare(a));
  const [first, ...others] = order;
  if (first === undefined) return [];
  return settings.mergeTablesInSheet ? [[first, ...others]] : order.map((table): Group => [table]);
}

/** The tables with what is in their columns once rows are left out as the configuration says. */
async function withoutDropped(
  context: SheetContext,
  sheet: SourceSheet,
  tables: readonly MappedTable[],
  kept: readonly Cells[] | undefined,
): Promise<readonly MappedTable[]> {
  const { rowRules, hasTypes } = context;
  if (rowRules.isEmpty) return tables;
  const source = new RowSource(kept, () => scannedRows(context, sheet));
  const thinned: MappedTable[] = [];
  try {
    for (const table of tables) {
      const columns = await keptColumns(table, source, rowRules.filterFor(table), hasTypes);
      thinned.push({ ...table, kept: columns });
    }
  } finally {
    await source.close();
  }
  return thinned;
}

const rowsOf = ({ survey }: MappedTable): number => survey.endRow - survey.headerRow - survey.headerRowCount;

/** How each group is written. Groups stand in the order of the sheet, or all rows are at hand. */
async function planGroups(
  context: SheetContext,
  sheet: SourceSheet,
  groups: readonly Group[],
  kept: readonly Cells[] | undefined,
): Promise<{ group: Group; plan: RenderPlan }[]> {
  const { rules, rowRules, configuration } = context;
  const plans = groups.map((group) => ({ group, plan: planTables(group, rules, configuration.settings) }));
  if (plans.every(({ plan }) => plan.unsure.size === 0)) return plans;
  const source = new RowSource(kept, () => scannedRows(context, sheet));
  try {
    const sure: typeof plans = [];
    for (const { group, plan } of plans) {
      const unread = await unreadFields(plan, plan.unsure, source, rowRules);
      sure.push({ group, plan: planTables(group, rules, configuration.settings, unread) });
    }
    return sure;
  } finally {
    await source.close();
  }
}

function sizeOf(plans: readonly RenderPlan[]): SheetSize {
  const rows = plans.map(({ parts }) => 1 + parts.reduce((sum, { table }) => sum + rowsOf(table), 0));
  return {
    rows: rows.reduce((sum, count) => sum + count, 0) + Math.max(0, plans.length - 1),
    columns: Math.max(0, ...plans.map(({ header }) => header.length)),
  };
}

function logRules(log: EventLog, plan: RenderPlan, rows: number, renderer: RowRenderer): void {
  for (const [field, { before, after }] of renderer.samples ?? []) {
    log.debug('engine.transform.result', {
      transform: `columns.${field}`,
      field,
      row_count: rows,
      sample_before: before,
      sample_after: after,
      emitted_columns: [field],
    });
  }
  log.debug('engine.validation.summary', {
    issue_columns: plan.checks.map(({ name }) => ISSUE_PREFIX + name),
    rows,
  });
}

/** Finds, maps, cleans, checks and writes the tables of one sheet. Throws SpreadsheetFailure. */
export async function processSheet(
  context: SheetContext,
  sheet: SourceSheet,
  sheetIndex: number,
  title: string,
): Promise<{ report: SheetReport; size: SheetSize }> {
  const { configuration, log, rules, rowRules, writer, enter } = context;
  enter('read');
  const { scan, tables: surveys, kept } = await surveySheet(context, sheet, sheetIndex);
  await context.reading.note(sheet);
  const skipped = context.skippedIn(sheet);
  enter('map');
  const mapped = mapTables(context, { sheetName: sheet.name, sheetIndex }, surveys);
  const groups = writeOrder(await withoutDropped(context, sheet, mapped, kept), configuration);
  const plans = await planGroups(context, sheet, groups, kept);
  for (const { plan } of plans) context.ambiguities.note(sheet.name, plan, rules);
  const planned = sizeOf(plans.map(({ plan }) => plan));
  const mayDrop = !rowRules.isEmpty || plans.some(({ plan }) => plan.canFailRows);
  const locator: SheetReport['locator'] = {
    workbook: { index: 0, name: context.inputName },
    sheet: { index: sheetIndex, name: sheet.name },
  };

  enter('write');
  const rowInSheet = (row: number): number => skipped.rowInSheet(row);
  const issues = context.issues.ofSheet(sheet.name, rowInSheet);
  const output = await writer.sheet(mayDrop ? null : planned);
  const source = new RowSource(kept, () => scannedRows(context, sheet));
  const tables: SheetReport['tables'] = [];
  const summaries: Summary[] = [];
  let written = 0;
  try {
    for (const { group, plan } of plans) {
      if (written > 0) {
        output.startRow();
        await output.endRow();
        written++;
      }
      const start = written + 1;
      const renderer = new RowRenderer(plan, output, log.debugging, issues);
      const dropped = new DroppedRows(rowInSheet);
      await renderer.header();
      written++;
      for (const { table, columns } of plan.parts) {
        const { headerRow, headerRowCount, endRow } = table.survey;
        const filter = rowRules.filterFor(table);
        let row = headerRow + headerRowCount;
        for await (const rows of source.range(row, endRow)) {
          context.signal?.throwIfAborted();
          for (const whole of rows) {
            const cells = cellsOf(table, whole);
            const reason = filter(cells);
            const full = reason === undefined ? renderer.row(cells, columns, row) : null;
            if (full === null) dropped.drop(row, reason ?? 'failRow');
            else written++;
            if (full instanceof Promise) await full;
            row++;
          }
        }
      }
      const columnCount = plan.header.length;
      const range = columnCount === 0 ? '' : `A${start}:${columnLetters(columnCount - 1)}${written}`;
      const facts = tableFacts(group);
      logRules(log, plan, facts.rows, renderer);
      log.info('engine.table.written', `Rendered table with ${columnCount} columns`, {
        schema_version: 1,
        sheet_name: title,
        table_index: facts.index,
        output_range: range,
      });
      const normalized = { path: context.outputName, sheet_name: sheet.name, range_a1: `${title}!${range}` };
      const { report, summary } = tableReport(facts, locator, configuration.fields, {
        issues: renderer.issues,
        invalid: renderer.invalid,
        skipped,
        dropped,
        made: plan.made.map(({ name }) => name),
      });
      tables.push({ ...report, outputs: columnCount === 0 ? null : { normalized } });
      summaries.push(summary);
    }
  } finally {
    await source.close();
  }
  await output.end();
  tables.sort((a, b) => a.locator.table.index - b.locator.table.index);
  const level = { workbooks: null, sheets: null, tables: tables.length };
  return {
    report: {
      scope: 'sheet',
      locator,
      ...summarize(configuration.fields, summaries, level),
      scan,
      is_active_sheet: sheet.active,
      tables,
    },
    size: { rows: written, columns: planned.columns },
  };
}
