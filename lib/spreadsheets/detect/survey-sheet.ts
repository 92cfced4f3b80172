import type { Settings } from '../configuration.ts';
import type { EventLog } from '../events.ts';
import type { SourceSheet, WorkbookReader } from '../read/reader.ts';
import { joinRepeated } from './join-repeated.ts';
import { RegionSurvey, shareRows } from './region-survey.ts';
import type { Region } from './regions/index.ts';
import type { RowClassifier } from './row-classifier.ts';
import { type Cells, type ReadBudget, RowScan, type ScanReport } from './row-scan.ts';
import { TableDetector, type TableSurvey } from './table-detector.ts';

// Sheets up to this many cells are kept for writing; longer ones are read a second time instead.
const KEPT_CELLS = 200_000;

/** What a first pass over a sheet found. */
export interface SheetSurvey {
  readonly scan: ScanReport;
  readonly tables: readonly TableSurvey[];
  /** The sheet's rows, where they are few enough. */
  readonly kept: readonly Cells[] | undefined;
}

export interface SurveyContext {
  readonly reader: WorkbookReader;
  readonly settings: Settings;
  readonly classifier: RowClassifier;
  readonly budget: ReadBudget;
  /** Values per column to collect; 0 where nobody looks at them. */
  readonly sampleSize: number;
  /** Whether somebody looks at how columns write numbers and dates. */
  readonly wantsEvidence?: boolean | undefined;
  /** Whether a header that is there again is a row of its table, which somebody leaves out, and begins no other. */
  readonly joinsRepeatedHeaders?: boolean | undefined;
  readonly log: EventLog;
  readonly signal: AbortSignal | undefined;
  /** The row of a text file's header, from 1, where somebody told it. */
  readonly headerRow?: number | undefined;
}

/** The rows of a sheet, in batches, as often as asked for. Stops where a long run of empty rows does. */
export async function* scannedRows(
  { reader, settings, signal }: Pick<SurveyContext, 'reader' | 'settings' | 'signal'>,
  sheet: SourceSheet,
  scan = new RowScan(settings.maxEmptyRowsRun),
): AsyncGenerator<Cells[]> {
  for await (const batch of reader.rows(sheet, settings.maxEmptyColsRun)) {
    signal?.throwIfAborted();
    yield scan.next(batch);
    if (scan.stopped) return;
  }
}

function explainRow(context: SurveyContext, sheetName: string, row: number, cells: Cells): void {
  const { detectors, total, kind } = context.classifier.explain(cells);
  for (const detector of detectors) {
    context.log.debug('engine.detector.row_result', { sheet_name: sheetName, row_index: row, detector });
  }
  context.log.debug('engine.row_classification', {
    sheet_name: sheetName,
    row_index: row,
    detectors,
    scores: total,
    classification: { row_kind: kind, score: total[kind], considered_row_kinds: ['data', 'header'] },
  });
}

function warn(log: EventLog, sheetName: string, settings: Settings, scan: RowScan): void {
  const { rows_emitted, stopped_early } = scan.report();
  if (stopped_early) {
    log.warn('Stopped scanning sheet after long empty row run', {
      sheet_name: sheetName,
      rows_emitted,
      max_empty_rows_run: settings.maxEmptyRowsRun,
    });
  }
  const { count, sample } = scan.cutRows;
  if (count === 0) return;
  log.warn('Truncated rows after long empty column run', {
    sheet_name: sheetName,
    truncated_rows: count,
    sample_row_indices: sample,
    max_empty_cols_run: settings.maxEmptyColsRun,
  });
}

/** What looks at the rows of a sheet while they go by for the first time, and at the end gives its tables. */
interface Detection {
  accept(cells: Cells, row: number): void;
  finish(kept: readonly Cells[] | undefined): Promise<Pick<SheetSurvey, 'tables' | 'kept'>>;
}

/** Tables as ADE finds them: where a row looks like a header, and as wide as the sheet. */
function byHeaders(context: SurveyContext, sheet: SourceSheet): Detection {
  const { settings, classifier, budget, sampleSize, wantsEvidence, log, headerRow } = context;
  const { joinsRepeatedHeaders } = context;
  const { mergeStackedHeaders } = settings;
  const detector = new TableDetector({
    sampleSize,
    budget,
    mergeStackedHeaders,
    headerRow,
    wantsEvidence,
    joinsRepeatedHeaders,
  });
  return {
    accept: (cells, row) => {
      if (log.debugging) explainRow(context, sheet.name, row, cells);
      detector.accept(cells, classifier.kindOf(cells));
    },
    finish: async (kept) => ({ tables: detector.finish(), kept }),
  };
}

/** Tables wherever they are; their columns are looked at once it is known where that is. */
async function byRegions(context: SurveyContext, sheet: SourceSheet): Promise<Detection> {
  // Most runs have no use for it, and all of them wait for what is loaded at the start.
  const { RegionFinder } = await import('./regions/index.ts');
  const finder = new RegionFinder({ headerRow: context.headerRow });
  return {
    accept: (cells) => finder.accept(cells),
    finish: (kept) => surveyRegions(context, sheet, finder.finish(), kept),
  };
}

async function surveyRegions(
  context: SurveyContext,
  sheet: SourceSheet,
  regions: readonly Region[],
  kept: readonly Cells[] | undefined,
): Promise<Pick<SheetSurvey, 'tables' | 'kept'>> {
  const { settings, budget, sampleSize, wantsEvidence } = context;
  const { mergeStackedHeaders } = settings;
  const found = (): readonly TableSurvey[] =>
    context.joinsRepeatedHeaders === true ? joinRepeated(survey.finish()) : survey.finish();
  const survey = new RegionSurvey(regions, { sampleSize, budget, mergeStackedHeaders, wantsEvidence });
  if (kept !== undefined) {
    for (const cells of kept) survey.accept(cells);
    return { tables: found(), kept };
  }
  // Tables side by side are written one after the other, which takes all their rows at hand.
  const held: Cells[] | undefined = shareRows(regions) ? [] : undefined;
  for await (const batch of scannedRows(context, sheet)) {
    for (const cells of batch) {
      survey.accept(cells);
      held?.push(cells);
    }
  }
  return { tables: found(), kept: held };
}

/** Reads a sheet, to find its tables and what is in their columns. Throws SpreadsheetFailure. */
export async function surveySheet(
  context: SurveyContext,
  sheet: SourceSheet,
  sheetIndex: number,
): Promise<SheetSurvey> {
  const { settings, budget, log } = context;
  const scan = new RowScan(settings.maxEmptyRowsRun);
  const isByRegions = settings.tableDetection === 'regions';
  const detection = isByRegions ? await byRegions(context, sheet) : byHeaders(context, sheet);
  // Tables written in another order than they stand need all their rows at hand.
  const keepAll = settings.sortTablesByMappingRatio;
  let all: Cells[] | undefined = [];
  let cellCount = 0;
  let row = 0;
  for await (const batch of scannedRows(context, sheet, scan)) {
    for (const cells of batch) {
      budget.spend(cells);
      cellCount += cells.length + 1;
      detection.accept(cells, row);
      row++;
    }
    if (!keepAll && cellCount > KEPT_CELLS) all = undefined;
    if (all !== undefined) for (const cells of batch) all.push(cells);
  }
  warn(log, sheet.name, settings, scan);
  const { tables, kept } = await detection.finish(all);
  log.debug('engine.sheet.tables_detected', {
    sheet_name: sheet.name,
    sheet_index: sheetIndex,
    row_count: row,
    table_count: tables.length,
    tables: tables.map((table, index) => ({
      table_index: index,
      region: {
        header_row_index: table.headerRow,
        header_row_count: table.headerRowCount,
        data_start_row_index: table.headerRow + table.headerRowCount,
        data_end_row_index: table.endRow,
        ...(isByRegions ? { first_column_index: table.firstColumn, column_count: table.columns.length } : {}),
      },
    })),
  });
  return { scan: scan.report(), tables, kept };
}
