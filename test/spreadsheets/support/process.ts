import type { CellValue } from '../../../lib/spreadsheets/cells.ts';
import {
  Configuration,
  DEFAULT_CONFIGURATION,
  type EngineEvent,
  type ProcessedWorkbook,
  processWorkbook,
  type WorkbookInput,
} from '../../../lib/spreadsheets/index.ts';
import { loadPatterns } from '../../../lib/spreadsheets/patterns.ts';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { type GoldenSheet, readOutput } from '../../golden/read-output.ts';

export interface Processed extends ProcessedWorkbook {
  events: EngineEvent[];
  bytes: Buffer;
  /** Read only when looked at: padded to its width, a sheet may be far larger than its file. */
  readonly output: GoldenSheet[];
}

/** Processes a workbook and reads what was written. */
export async function processed(
  name: string,
  bytes: Uint8Array | string,
  options: Partial<Omit<WorkbookInput, 'name' | 'bytes'>> = {},
): Promise<Processed> {
  const events: EngineEvent[] = [];
  const chunks: Uint8Array[] = [];
  const input = { configuration: DEFAULT_CONFIGURATION, ...options, name, bytes: Buffer.from(bytes) };
  const result = await processWorkbook(input, {
    emit: (event) => events.push(event),
    write: (chunk) => void chunks.push(chunk),
  });
  const written = Buffer.concat(chunks);
  return {
    ...result,
    events,
    bytes: written,
    get output() {
      return readOutput(written).sheets;
    },
  };
}

/** All rows of one sheet as the reader gives them, gaps left out. */
export async function rowsOf(name: string, bytes: Uint8Array, sheet = 0): Promise<[number, CellValue[]][]> {
  const reader = await openWorkbook(name, bytes);
  const source = reader.sheets[sheet];
  if (source === undefined) throw new Error(`There is no sheet ${sheet}`);
  const rows: [number, CellValue[]][] = [];
  for await (const batch of reader.rows(source, 500)) {
    for (const { index, cells } of batch.rows) rows.push([index, [...cells]]);
  }
  return rows;
}

await loadPatterns();

/** A configuration of these fields, with the default header words. */
export const configurationOf = (fields: unknown[], settings: Record<string, unknown> = {}): Configuration =>
  Configuration.parse({ settings, rowDetectors: DEFAULT_CONFIGURATION.rowDetectors, fields });
