import { columnLetters } from '../../cells.ts';
import { MAX_COLUMNS } from '../../limits.ts';
import type { CellRange, SheetFacts } from '../reader.ts';
import { EARLIER_VALUES, FORMULAS, packed, RECORD, records } from './records.ts';

const CHART_TYPE = 0x20;
const IS_DIALOG = 0x10;
const IS_HIDDEN_ROW = 0x20;
// Bytes of a formula's record before its expression, with the length of none.
const FORMULA_BYTES = 22;
const WS_BOOL = 0x81;

const VALUES = new Set<number>([
  RECORD.MULTIPLE_RK,
  RECORD.RICH_STRING,
  RECORD.SHARED_STRING,
  RECORD.NUMBER,
  RECORD.LABEL,
  RECORD.BOOLEAN_OR_ERROR,
  RECORD.STRING,
  RECORD.RK,
  ...EARLIER_VALUES,
]);

/** What a formula before it comes to. */
const STRINGS: readonly number[] = [RECORD.STRING, 0x07];

/** What the records of one sheet say, without those of charts inside it. */
export class SheetRecords {
  /** Records that hold values. Of a formula its result alone is kept: expressions are what readers fail on. */
  readonly kept: Buffer[] = [];
  readonly type: number;
  isDialog = false;
  readonly #hiddenRows = new Set<number>();
  readonly #hiddenColumns = new Set<number>();
  readonly #merged: CellRange[] = [];
  #notes = 0;
  #filters = 0;
  #uncalculated = 0;
  #firstUncalculated: string | null = null;
  #lastRow = -1;
  #lastColumn = -1;
  // A formula whose text is to follow.
  #open: { row: number; column: number } | undefined;

  constructor(stream: Buffer, from: number, isBiff8: boolean) {
    let depth = 0;
    let goesOn = false;
    let type = 0;
    for (const { id, body, at, next } of records(stream, from)) {
      if (id === RECORD.BOF) {
        if (depth++ === 0 && body.byteLength >= 4) type = body.readUInt16LE(2);
      } else if (id === RECORD.EOF) {
        if (--depth === 0) break;
      } else if (depth === 1) {
        goesOn = id === RECORD.CONTINUE ? goesOn : VALUES.has(id);
        if (goesOn) this.kept.push(stream.subarray(at, next));
        this.#look(id, body, isBiff8);
      }
    }
    this.#closeFormula();
    this.type = type;
  }

  get isChart(): boolean {
    return this.type === CHART_TYPE;
  }

  get hasCells(): boolean {
    return this.#lastRow >= 0;
  }

  #look(id: number, body: Buffer, isBiff8: boolean): void {
    if (FORMULAS.includes(id)) this.#formula(body);
    else if (STRINGS.includes(id)) this.#open = undefined;
    else if (id === RECORD.ROW && body.byteLength >= 13) {
      if (body.readUInt8(12) & IS_HIDDEN_ROW) this.#hiddenRows.add(body.readUInt16LE(0));
    } else if (id === RECORD.COLUMN && body.byteLength >= 10) this.#columns(body);
    else if (id === RECORD.MERGED && body.byteLength >= 2) this.#merge(body);
    else if (id === RECORD.NOTE && body.byteLength >= 2) {
      // A long note of BIFF5 goes on in records that name no row.
      if (isBiff8 || body.readUInt16LE(0) !== 0xffff) this.#notes++;
    } else if (id === RECORD.AUTO_FILTER) this.#filters = 1;
    else if (id === WS_BOOL && body.byteLength >= 1) this.isDialog = (body.readUInt8(0) & IS_DIALOG) !== 0;
    if (VALUES.has(id) && !STRINGS.includes(id) && body.byteLength >= 6) {
      this.#closeFormula();
      const column = id === RECORD.MULTIPLE_RK ? body.byteLength - 2 : 2;
      this.#reach(body.readUInt16LE(0), body.readUInt16LE(column));
    }
  }

  #reach(row: number, column: number): void {
    this.#lastRow = Math.max(this.#lastRow, row);
    this.#lastColumn = Math.max(this.#lastColumn, column);
  }

  #formula(body: Buffer): void {
    this.#closeFormula();
    if (body.byteLength < FORMULA_BYTES - 2) return;
    const [row, column] = [body.readUInt16LE(0), body.readUInt16LE(2)];
    this.#reach(row, column);
    if (body.readUInt16LE(12) === 0xffff && body.readUInt8(6) === 0) this.#open = { row, column };
    const result = Buffer.alloc(FORMULA_BYTES);
    body.copy(result, 0, 0, FORMULA_BYTES - 2);
    this.kept.push(packed(RECORD.FORMULA, result));
  }

  /** A formula that announces a text and has none was never calculated. */
  #closeFormula(): void {
    if (this.#open === undefined) return;
    this.#uncalculated++;
    this.#firstUncalculated ??= `${columnLetters(this.#open.column)}${this.#open.row + 1}`;
    this.#open = undefined;
  }

  #columns(body: Buffer): void {
    if ((body.readUInt16LE(8) & 1) === 0) return;
    const last = Math.min(body.readUInt16LE(2), MAX_COLUMNS - 1);
    for (let column = body.readUInt16LE(0); column <= last; column++) this.#hiddenColumns.add(column);
  }

  #merge(body: Buffer): void {
    const count = Math.min(body.readUInt16LE(0), Math.floor((body.byteLength - 2) / 8));
    for (let at = 2; at < 2 + count * 8; at += 8) {
      this.#merged.push({
        top: body.readUInt16LE(at),
        bottom: body.readUInt16LE(at + 2),
        left: body.readUInt16LE(at + 4),
        right: body.readUInt16LE(at + 6),
      });
    }
  }

  isHiddenRow(row: number): boolean {
    return this.#hiddenRows.has(row);
  }

  /** All but the units, which the formats of the values tell. Hidden rows and columns count as far as the values. */
  get facts(): Omit<SheetFacts, 'units'> {
    return {
      hiddenRows: [...this.#hiddenRows].filter((row) => row <= this.#lastRow).length,
      hiddenColumns: [...this.#hiddenColumns]
        .filter((column) => column <= this.#lastColumn)
        .sort((a, b) => a - b),
      merged: this.#merged,
      notes: this.#notes,
      filters: this.#filters,
      uncalculated: { count: this.#uncalculated, first: this.#firstUncalculated },
    };
  }
}
