export { Configuration, type Field, readConfiguration, type Settings } from './configuration.ts';
export { DEFAULT_CONFIGURATION } from './default-configuration.ts';
export type { EngineEvent, Sink } from './events.ts';
export { type FailureCode, type FailureStage, SpreadsheetFailure } from './failure.ts';
export {
  type OutputSheet,
  type ProcessedWorkbook,
  processWorkbook,
  type WorkbookInput,
} from './process-workbook.ts';
export type { IssueReport, RunReport } from './report/report.ts';
export type { RunColumn, RunField, RunMetrics } from './report/wire.ts';
