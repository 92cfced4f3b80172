import type { WorkbookReader } from '../read/reader.ts';

/** The same workbook with other rows. */
export const withRows = (reader: WorkbookReader, rows: WorkbookReader['rows']): WorkbookReader => ({
  format: reader.format,
  csv: reader.csv,
  sheets: reader.sheets,
  tabCount: reader.tabCount,
  findings: () => reader.findings(),
  facts: (sheet) => reader.facts(sheet),
  rows,
});
