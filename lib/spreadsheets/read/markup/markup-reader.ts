import {
  cutRow,
  type FileFormat,
  NO_FACTS,
  type RowBatch,
  type SourceSheet,
  type WorkbookReader,
} from '../reader.ts';
import type { Grid } from './grid.ts';

// Enough rows to make the pause between batches cheap, few enough to answer an abort at once.
const ROWS_PER_BATCH = 1000;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A reader of sheets that markup was read into. */
export function markupReader(format: FileFormat, grids: readonly Grid[], activeTab = 0): WorkbookReader {
  const sheets = grids.map(
    ({ name, visible }, index): SourceSheet => ({ name, index, visible, active: index === activeTab }),
  );

  async function* rows({ index }: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const kept = grids[index]?.rows ?? [];
    const claimedRows = (kept.at(-1)?.index ?? -1) + 1;
    for (let from = 0; from < kept.length; from += ROWS_PER_BATCH) {
      const batch = kept.slice(from, from + ROWS_PER_BATCH);
      yield {
        rows: batch.map(({ cells, ...row }) => ({ ...row, ...cutRow([...cells], maxGap) })),
        claimedRows,
      };
      await pause();
    }
  }

  return {
    format,
    csv: null,
    sheets,
    tabCount: sheets.length,
    findings: () => [],
    facts: async ({ index }) => grids[index]?.facts.facts ?? NO_FACTS,
    rows,
  };
}
