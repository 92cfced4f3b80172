import type { SpreadsheetFailure } from '../../../lib/spreadsheets/failure.ts';
import type { ReadFinding } from '../../../lib/spreadsheets/findings.ts';
import type { Onlooker } from '../../../lib/spreadsheets/inspect/inspect-workbook.ts';
import type { WorkbookReader } from '../../../lib/spreadsheets/read/reader.ts';

export type Failure = Pick<SpreadsheetFailure, 'code' | 'stage' | 'message'>;

/** Writes of one file after the other what is seen in it, while it is seen. */
export interface Paper extends Onlooker {
  begin(file: string): void;
  /** Is called for no file that cannot be opened. */
  opened(reader: Pick<WorkbookReader, 'format' | 'csv'>): void;
  end(findings: readonly ReadFinding[], failure: Failure | null): void;
}
