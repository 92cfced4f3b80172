import type { Configuration } from './configuration.ts';
import { csvOptions } from './csv-options.ts';
import { RowClassifier } from './detect/row-classifier.ts';
import { ReadBudget } from './detect/row-scan.ts';
import { type EventLog, eventLog, type Sink } from './events.ts';
import { SpreadsheetFailure } from './failure.ts';
import type { Lists } from './lists/list-finder.ts';
import { ColumnMapper } from './map/column-mapper.ts';
import { Corrections } from './map/corrections.ts';
import { NOTHING_TAUGHT, type Taught } from './map/taught.ts';
import { loadPatterns, usesPatterns } from './patterns.ts';
import { processSheet, type SheetContext } from './process-sheet.ts';
import { FILE_EXTENSIONS, openWorkbook, splitName } from './read/open-workbook.ts';
import type { CsvOptions } from './read/reader.ts';
import { fieldRules } from './render/field-rules.ts';
import { Ambiguities } from './report/ambiguities.ts';
import { IssueTally } from './report/issue-tally.ts';
import { Reading } from './report/reading.ts';
import type { RunReport, SheetReport } from './report/report.ts';
import { runReport } from './report/run-report.ts';
import {
  type RunColumn,
  type RunField,
  type RunMetrics,
  runColumns,
  runFields,
  runMetrics,
} from './report/wire.ts';
import { fillMerged } from './rows/fill-merged.ts';
import { RowRules } from './rows/row-rules.ts';
import { keepHidden, skipHidden } from './rows/skip-hidden.ts';
import { RuleBudget } from './rule-budget.ts';
import { type SheetSelection, selectSheets } from './select-sheets.ts';
import { loadKnownValues } from './transform/known/known-values.ts';

export interface WorkbookInput extends SheetSelection {
  /** File name; its extension takes part in deciding the format. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly configuration: Configuration;
  /** What people have corrected in earlier results. */
  readonly taught?: Taught;
  /** Lists of the workspace by name: those that the configuration names. */
  readonly lists?: Lists;
  /** What is known of a text file; stands above the configuration's `settings.csv`. */
  readonly csv?: CsvOptions;
  /** Writes debug events too: two per row, so only for small workbooks. */
  readonly debug?: boolean;
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
}

/** One sheet of the workbook written. `totalRows` and `totalColumns` are its used size. */
export interface OutputSheet {
  readonly name: string;
  readonly index: number;
  readonly isActive: boolean;
  readonly totalRows: number;
  readonly totalColumns: number;
}

export interface ProcessedWorkbook {
  readonly outputName: string;
  readonly metrics: RunMetrics;
  readonly fields: RunField[];
  readonly columns: RunColumn[];
  readonly report: RunReport;
  readonly sheets: OutputSheet[];
}

/** Those that ADE has not, where they say something else than what it does. */
function furtherSettings({ settings }: Configuration): Record<string, unknown> {
  const { csv, tableDetection, hiddenRows, mergedCells, sheets } = settings;
  const { nameRules, addMissingColumns, onUnreadable, minimumScore } = settings;
  const hasCsv = Object.values(csv).some((told) => told !== undefined);
  const selects = sheets.include.length > 0 || sheets.exclude.length > 0 || sheets.hidden === 'keep';
  return {
    ...(hasCsv ? { csv } : {}),
    ...(tableDetection === 'ade' ? {} : { table_detection: tableDetection }),
    ...(hiddenRows === 'keep' ? {} : { hidden_rows: hiddenRows }),
    ...(mergedCells === 'first' ? {} : { merged_cells: mergedCells }),
    ...(onUnreadable === 'keep' ? {} : { on_unreadable: onUnreadable }),
    ...(nameRules === 'ade' ? {} : { name_rules: nameRules }),
    ...(addMissingColumns ? {} : { add_missing_columns: false }),
    ...(selects ? { sheets } : {}),
    ...(minimumScore === 0 ? {} : { minimum_score: minimumScore }),
  };
}

function settingsInForce(configuration: Configuration, debugging: boolean): Record<string, unknown> {
  const { settings } = configuration;
  return {
    remove_unmapped_columns: settings.removeUnmappedColumns,
    write_diagnostics_columns: settings.writeDiagnosticsColumns,
    mapping_tie_resolution: settings.mappingTieResolution,
    sort_tables_by_mapping_ratio: settings.sortTablesByMappingRatio,
    merge_tables_in_sheet: settings.mergeTablesInSheet,
    log_format: 'ndjson',
    log_level: debugging ? 10 : 20,
    max_empty_rows_run: settings.maxEmptyRowsRun,
    max_empty_cols_run: settings.maxEmptyColsRun,
    detector_column_sample_size: settings.detectorColumnSampleSize,
    merge_stacked_headers: settings.mergeStackedHeaders,
    supported_file_extensions: FILE_EXTENSIONS,
    ...furtherSettings(configuration),
  };
}

function announce(log: EventLog, { configuration }: WorkbookInput, base: string, outputName: string): void {
  const settings = settingsInForce(configuration, log.debugging);
  log.debug('engine.settings.effective', { settings }, 'Effective engine settings');
  log.info('engine.run.started', 'Run started', { schema_version: 1, input_file: base, config_package: '' });
  log.info('engine.run.planned', 'Run planned', {
    schema_version: 1,
    output_file: outputName,
    output_dir: '',
    logs_file: null,
    logs_dir: null,
  });
  log.info('engine.config.loaded', 'Config package loaded', {
    config_package: '',
    entrypoint: 'declarative',
    plugin_modules: [],
    fields: configuration.fields.map(({ name }) => name),
    settings,
  });
}

/** What was read and done so far, so that a failure leaves some of it. */
interface Progress {
  stage: SpreadsheetFailure['stage'];
  reading: Reading | undefined;
  readonly issues: IssueTally;
  readonly ambiguities: Ambiguities;
  readonly reports: SheetReport[];
}

/** Reads, processes and writes; `progress` tells how far it came. */
async function run(
  input: WorkbookInput,
  sink: Sink,
  log: EventLog,
  names: { base: string; outputName: string },
  progress: Progress,
): Promise<OutputSheet[]> {
  const { configuration, bytes, signal, taught = NOTHING_TAUGHT } = input;
  const { settings, fields } = configuration;
  signal?.throwIfAborted();
  const csv = csvOptions(input.csv ?? {}, settings.csv);
  const opened = await openWorkbook(input.name, bytes, { csv });
  log.info('engine.workbook.started', 'Workbook started', {
    schema_version: 1,
    sheet_count: opened.tabCount,
  });
  const reading = new Reading(opened);
  progress.reading = reading;
  reading.announce(log);
  const filled = settings.mergedCells === 'fill' ? fillMerged(opened) : opened;
  const shown = settings.hiddenRows === 'skip' ? skipHidden(filled) : keepHidden(filled);
  const selected = selectSheets(opened.sheets, input, settings.sheets);
  // Loaded when there is something to write: a file that cannot be read never needs it.
  const { safeSheetNames, WorkbookWriter } = await import('./write/workbook-writer.ts');
  const titles = safeSheetNames(selected.map(({ name }) => name));
  const writer = await WorkbookWriter.start(titles, (chunk) => sink.write(chunk));
  const looksAtValues = fields.some(({ valuePatterns }) => valuePatterns.length > 0);
  const hasTypes = fields.some(({ dtype }) => dtype !== 'string');
  const ruleBudget = new RuleBudget();
  const context: SheetContext = {
    reader: shown.reader,
    skippedIn: shown.skippedIn,
    reading,
    issues: progress.issues,
    ambiguities: progress.ambiguities,
    headerRow: opened.csv === null ? undefined : csv.headerRow,
    settings,
    configuration,
    writer,
    log,
    signal,
    enter: (stage) => {
      progress.stage = stage;
    },
    classifier: new RowClassifier(configuration.rowDetectors.headerTokens),
    mapper: new ColumnMapper(configuration, ruleBudget, taught.headers),
    corrections: new Corrections(taught.corrections, {
      sheetNames: opened.sheets.map(({ name }) => name),
      areMerged: settings.mergeTablesInSheet,
    }),
    rules: fieldRules(configuration, ruleBudget, { taughtValues: taught.values, lists: input.lists }),
    rowRules: new RowRules(configuration.rowRules, ruleBudget),
    budget: new ReadBudget(),
    joinsRepeatedHeaders: configuration.rowRules.some(({ drop }) => drop === 'repeatedHeader'),
    hasTypes,
    // Where rows are left out, columns are looked at again without them.
    wantsEvidence: hasTypes && configuration.rowRules.length === 0,
    sampleSize: looksAtValues ? settings.detectorColumnSampleSize : 0,
    inputName: names.base,
    outputName: names.outputName,
  };
  const sheets: OutputSheet[] = [];
  for (const [index, sheet] of selected.entries()) {
    signal?.throwIfAborted();
    const title = titles[index] ?? sheet.name;
    log.info('engine.sheet.started', 'Sheet started', {
      schema_version: 1,
      sheet_name: sheet.name,
      sheet_index: index,
    });
    const { report, size } = await processSheet(context, sheet, index, title);
    progress.reports.push(report);
    sheets.push({
      name: title,
      index,
      isActive: index === 0,
      totalRows: size.rows,
      totalColumns: size.columns,
    });
  }
  await writer.finish();
  return sheets;
}

/** How an error is reported: faults of ours say nothing of themselves to the workbook's owner. */
function reported(error: unknown, stage: string): { code: string; stage: string; message: string } {
  if (error instanceof SpreadsheetFailure) {
    const { code, stage: own, message } = error;
    return { code, stage: own, message };
  }
  return {
    code: 'internal_error',
    stage,
    message: 'The workbook could not be processed because of an internal fault.',
  };
}

/** A table that was read but whose workbook was never finished has no output. */
const withoutOutput = (sheets: readonly SheetReport[]): SheetReport[] =>
  sheets.map((sheet) => ({ ...sheet, tables: sheet.tables.map((table) => ({ ...table, outputs: null })) }));

/**
 * Turns a messy workbook into a normalised one, as the configuration says, and tells what it found. Events
 * and output bytes go to the sink while it works. Throws SpreadsheetFailure for what is wrong with the
 * workbook, after the report of the failed run went to the sink; the signal's reason when aborted; and
 * whatever the sink throws.
 */
export async function processWorkbook(input: WorkbookInput, sink: Sink): Promise<ProcessedWorkbook> {
  if (usesPatterns(input.configuration)) await loadPatterns();
  await loadKnownValues(input.configuration.fields);
  const now = input.now ?? (() => new Date());
  const startedAt = now();
  const { base, stem } = splitName(input.name);
  const outputName = `${stem}_normalized.xlsx`;
  const { fields } = input.configuration;
  const log = eventLog(sink, input.debug === true);
  const progress: Progress = {
    stage: 'read',
    reading: undefined,
    issues: new IssueTally(),
    ambiguities: new Ambiguities(),
    reports: [],
  };
  const complete = (sheets: SheetReport[], failure: RunReport['execution']['failure']): RunReport => {
    const output = failure === null ? outputName : null;
    progress.reading?.warn(log);
    const reading = progress.reading?.report() ?? null;
    const report = runReport(base, fields, sheets, {
      startedAt,
      completedAt: now(),
      failure,
      output,
      reading,
      issues: progress.issues.report(),
      findings: progress.ambiguities.findings(),
    });
    log.info('engine.run.completed', 'engine.run.completed', { ...report });
    return report;
  };

  announce(log, input, base, outputName);
  try {
    const sheets = await run(input, sink, log, { base, outputName }, progress);
    const report = complete(progress.reports, null);
    return {
      outputName,
      metrics: runMetrics(report),
      fields: runFields(report),
      columns: runColumns(report),
      report,
      sheets,
    };
  } catch (error) {
    // Whoever aborts a run knows why, and no longer listens.
    input.signal?.throwIfAborted();
    const failure = reported(error, progress.stage);
    const type = error instanceof SpreadsheetFailure ? error.name : 'InternalError';
    log.fail({ type, message: failure.message });
    complete(withoutOutput(progress.reports), failure);
    throw error;
  }
}
