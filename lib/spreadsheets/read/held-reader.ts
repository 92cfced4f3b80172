import type { CellObject, DenseWorkSheet, WorkSheet } from 'xlsx';
import type { CellValue } from '../cells.ts';
import { tooLarge } from '../failure.ts';
import type { ReadFinding } from '../findings.ts';
import { MAX_CELLS, MAX_COLUMNS, MAX_ROWS } from '../limits.ts';
import { type NumberFormat, numberFormat, temporalOf } from './number-format.ts';
import {
  cutRow,
  type FileFormat,
  NO_FACTS,
  type Row,
  type RowBatch,
  type SheetFacts,
  type SourceSheet,
  type WorkbookReader,
} from './reader.ts';

/** A sheet that is in memory, as SheetJS holds it, and what is known of it beside its values. */
export interface HeldSheet {
  readonly sheet: SourceSheet;
  readonly content: WorkSheet | undefined;
  readonly isHiddenRow: (row: number) => boolean;
  readonly facts: Omit<SheetFacts, 'units'>;
}

export interface HeldBook {
  readonly format: Extract<FileFormat, 'xls' | 'xlsb'>;
  readonly sheets: readonly HeldSheet[];
  readonly tabCount: number;
  readonly date1904: boolean;
  readonly findings: readonly ReadFinding[];
}

// Enough rows to make the pause between batches cheap, few enough to answer an abort at once.
const ROWS_PER_BATCH = 1000;

const ERRORS: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
  43: '#GETTING_DATA',
};

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the formats of a workbook's cells say, each read once. */
class Formats {
  readonly #known = new Map<string, NumberFormat>();

  of(code: string): NumberFormat {
    const known = this.#known.get(code) ?? numberFormat(code);
    this.#known.set(code, known);
    return known;
  }
}

function cellValue(cell: CellObject, date1904: boolean, formats: Formats): CellValue {
  const { v: value } = cell;
  if (cell.t === 'e') return ERRORS[Number(value)] ?? '#N/A';
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number') return null;
  if (typeof cell.z !== 'string') return value;
  const { kind, mask } = formats.of(cell.z);
  if (kind !== 'number') return temporalOf(value, kind, date1904) ?? value;
  const text = mask === null ? null : mask(value);
  return text === null ? value : { kind: 'shown', value, text };
}

/** Entries of a sparse array in order, without walking its gaps. */
function present<T>(sparse: readonly T[]): [number, T][] {
  const found: [number, T][] = [];
  sparse.forEach((item, index) => {
    if (item !== undefined && item !== null) found.push([index, item]);
  });
  return found;
}

const cellsOf = ({ content }: HeldSheet): DenseWorkSheet['!data'] =>
  (content as Partial<DenseWorkSheet> | undefined)?.['!data'] ?? [];

/** The units that the formats of a sheet's numbers show, by column. */
function unitsOf(held: HeldSheet, formats: Formats): SheetFacts['units'] {
  const units = new Map<string, { column: number; unit: string; count: number }>();
  for (const [, row] of present(cellsOf(held))) {
    for (const [column, { t, z }] of present(row)) {
      if (t !== 'n' || typeof z !== 'string') continue;
      const { unit } = formats.of(z);
      if (unit === null) continue;
      const found = units.get(`${column} ${unit}`);
      if (found === undefined) units.set(`${column} ${unit}`, { column, unit, count: 1 });
      else found.count++;
    }
  }
  return [...units.values()].sort((a, b) => a.column - b.column);
}

/** A reader of a workbook that is in memory whole. */
export function heldReader({ format, sheets, tabCount, date1904, findings }: HeldBook): WorkbookReader {
  const formats = new Formats();
  const byIndex = new Map(sheets.map((held) => [held.sheet.index, held]));

  async function* rows({ index: tab }: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    const held = byIndex.get(tab);
    const data = held === undefined ? [] : cellsOf(held);
    if (data.length > MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    let batch: Row[] = [];
    let total = 0;
    for (const [index, row] of present(data)) {
      if (row.length > MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
      const cells: CellValue[] = [];
      for (const [column, cell] of present(row)) {
        while (cells.length < column) cells.push(null);
        cells.push(cellValue(cell, date1904, formats));
      }
      total += cells.length;
      if (total > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
      batch.push({ index, ...cutRow(cells, maxGap), hidden: held?.isHiddenRow(index) === true });
      if (batch.length < ROWS_PER_BATCH) continue;
      yield { rows: batch, claimedRows: data.length };
      batch = [];
      await pause();
    }
    yield { rows: batch, claimedRows: data.length };
  }

  return {
    format,
    csv: null,
    sheets: sheets.map(({ sheet }) => sheet),
    tabCount,
    findings: () => findings,
    facts: async ({ index }) => {
      const held = byIndex.get(index);
      return held === undefined ? NO_FACTS : { ...held.facts, units: unitsOf(held, formats) };
    },
    rows,
  };
}
