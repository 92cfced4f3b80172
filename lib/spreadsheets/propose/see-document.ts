import { ReadBudget } from '../detect/row-scan.ts';
import { rangeOf } from '../inspect/describe-tables.ts';
import { readSheet } from '../inspect/first-reading.ts';
import { openWorkbook } from '../read/open-workbook.ts';
import type { CellRange, SheetFacts, SourceSheet, WorkbookReader } from '../read/reader.ts';
import { fillMerged } from '../rows/fill-merged.ts';
import { withRows } from '../rows/with-rows.ts';
import { TableFacts } from './table-facts.ts';

/** A file to learn from. */
export interface Example {
  readonly id: string;
  /** With its extension. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Detection = 'regions' | 'ade';

export interface How {
  readonly tables: Detection;
  readonly signal: AbortSignal | undefined;
}

/** The same workbook, whose reading ends with the signal's reason. */
function interruptible(reader: WorkbookReader, signal: AbortSignal | undefined): WorkbookReader {
  if (signal === undefined) return reader;
  return withRows(reader, async function* (sheet, maxGap) {
    for await (const batch of reader.rows(sheet, maxGap)) {
      signal.throwIfAborted();
      yield batch;
    }
  });
}

/** Two hundred thousand rows of twenty columns, in some 400 MB: reading a file again takes longer than all else. */
const KEPT_CELLS = 4_000_000;

/** A sheet with its tables; a hidden one has none. */
export interface SeenSheet {
  readonly sheet: SourceSheet;
  readonly tables: readonly TableFacts[];
  readonly facts: SheetFacts;
}

/** What was seen of a file. */
export interface SeenDocument {
  readonly id: string;
  readonly sheets: readonly SeenSheet[];
  /** Merged cells were filled, because they group headers. */
  readonly isFilled: boolean;
}

/** Whether a merged range groups columns of a table's header. */
function groups({ top, left, bottom, right }: CellRange, { region }: TableFacts): boolean {
  const lastHeader = region.top + region.headerRows - 1;
  return (
    top >= region.top && bottom <= lastHeader && right > left && left >= region.left && right <= region.right
  );
}

async function tablesOf(
  reader: WorkbookReader,
  sheet: SourceSheet,
  tables: Detection,
  budget: ReadBudget,
): Promise<TableFacts[]> {
  const first = await readSheet(
    reader,
    sheet,
    { tables, rows: 0, show: () => undefined, keptCells: KEPT_CELLS },
    budget,
  );
  const ahead = (await first.regions())
    .map((region) => new TableFacts(region))
    .sort((a, b) => b.region.top - a.region.top);
  const found: TableFacts[] = [];
  let open: { region: TableFacts['region']; into: TableFacts }[] = [];
  if (ahead.length === 0) return found;
  for await (const row of first.again()) {
    open = open.filter(({ region }) => region.bottom >= row.index);
    for (let next = ahead.at(-1); next !== undefined && next.region.top <= row.index; next = ahead.at(-1)) {
      ahead.pop();
      const table = next;
      const upper =
        row.index === table.region.top
          ? found.find((above) => above.isRepeatedBy(table.region, row))
          : undefined;
      open.push({ region: table.region, into: upper ?? table });
      if (upper === undefined) found.push(table);
    }
    for (const { into } of open) into.accept(row);
  }
  return found;
}

async function see(example: Example, { tables, signal }: How, isFilled: boolean): Promise<SeenDocument> {
  const opened = interruptible(await openWorkbook(example.name, example.bytes), signal);
  const reader = isFilled ? fillMerged(opened) : opened;
  const budget = new ReadBudget();
  const sheets: SeenSheet[] = [];
  for (const sheet of reader.sheets) {
    const found = sheet.visible ? await tablesOf(reader, sheet, tables, budget) : [];
    sheets.push({ sheet, tables: found, facts: await reader.facts(sheet) });
  }
  return { id: example.id, sheets, isFilled };
}

const shapeOf = ({ sheets }: SeenDocument): string =>
  sheets
    .flatMap(({ tables }) => tables.map(({ region }) => `${rangeOf(region)} ${region.headerRows}`))
    .join();

/**
 * Looks at a file; with its merged cells filled where they group headers, and its tables stay what they are.
 * Throws SpreadsheetFailure, and the signal's reason when aborted.
 */
export async function seeDocument(example: Example, how: How): Promise<SeenDocument> {
  const bare = await see(example, how, false);
  const isGrouped = bare.sheets.some(({ facts, tables: found }) =>
    facts.merged.some((range) => found.some((table) => groups(range, table))),
  );
  if (!isGrouped) return bare;
  const filled = await see(example, how, true);
  return shapeOf(filled) === shapeOf(bare) ? filled : bare;
}
