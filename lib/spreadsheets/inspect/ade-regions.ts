import type { Region } from '../detect/regions/index.ts';
import { RowClassifier } from '../detect/row-classifier.ts';
import type { ReadBudget } from '../detect/row-scan.ts';
import { surveySheet } from '../detect/survey-sheet.ts';
import { eventLog } from '../events.ts';
import type { SourceSheet, WorkbookReader } from '../read/reader.ts';

const UNHEARD = eventLog({ emit: () => undefined, write: () => undefined }, false);

/** The tables of a sheet as a workspace's first configuration finds them: by header words, from column A on. */
export async function adeRegions(
  reader: WorkbookReader,
  sheet: SourceSheet,
  budget: ReadBudget,
): Promise<Region[]> {
  // Checking a configuration takes longer than all else that is loaded, and nothing else here needs one.
  const { DEFAULT_CONFIGURATION } = await import('../default-configuration.ts');
  const { settings, rowDetectors } = DEFAULT_CONFIGURATION;
  const { tables } = await surveySheet(
    {
      reader,
      settings,
      classifier: new RowClassifier(rowDetectors.headerTokens),
      budget,
      headerRow: undefined,
      sampleSize: 0,
      log: UNHEARD,
      signal: undefined,
    },
    sheet,
    sheet.index,
  );
  return tables.map(({ headerRow, headerRowCount, endRow, firstColumn, columns }) => ({
    top: headerRow,
    left: firstColumn,
    bottom: endRow - 1,
    right: firstColumn + Math.max(1, columns.length) - 1,
    headerRows: headerRowCount,
  }));
}
