import type { CellValue } from '../../cells.ts';
import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_CELLS, MAX_COLUMNS, MAX_ROWS } from '../../limits.ts';
import { type NumberKind, temporalOf, temporalOfIso } from '../number-format.ts';
import type { Row } from '../reader.ts';
import { characterData, richText } from './rich-text.ts';
import { attribute, decodeOoxml, type RawXml } from './xml-text.ts';

/** What a sheet's cells refer to. */
export interface SheetContext {
  readonly strings: readonly string[];
  readonly kinds: readonly NumberKind[];
  readonly date1904: boolean;
  /** A row ends where this many empty cells follow a value. */
  readonly maxGap: number;
  /** Namespace prefix of the sheet's elements, with its colon, or nothing. */
  readonly prefix: string;
}

const TAB = 9;
const SPACE = 32;
const SLASH = 47;
const EQUALS = 61;
const GT = 62;
const ZERO = 48;
const NINE = 57;
const UPPER_A = 65;
const UPPER_Z = 90;
const LOWER_C = 99;
const LOWER_F = 102;
const LOWER_I = 105;
const LOWER_R = 114;
const LOWER_S = 115;
const LOWER_T = 116;
const LOWER_V = 118;

// Integers of up to 15 digits are exact, so they can be built digit by digit.
const EXACT_DIGITS = 15;
// Rows are handed on in parts of this many cells, so that no part grows large whatever the gaps.
const CELLS_PER_BATCH = 50_000;

const damaged = (): Error => unreadable('The file is damaged: a worksheet inside it is not well formed.');

const endsName = (code: number): boolean => code === GT || code === SLASH || code <= SPACE;

/**
 * Finds rows and their values in the text of a worksheet part, handed over in pieces that end with a row.
 * It looks at tags only as far as needed, which is what makes it fast.
 */
export class SheetScanner {
  readonly #context: SheetContext;
  #text: RawXml = '';
  #at = 0;
  #nextRow = 0;
  #cells = 0;
  // The cell being read.
  #column = 0;
  #style = 0;
  #type = '';

  constructor(context: SheetContext) {
    this.#context = context;
  }

  /** The rows of the next piece of text, in batches. Throws SpreadsheetFailure. */
  *rows(text: RawXml): Generator<Row[]> {
    const { prefix } = this.#context;
    const open = `<${prefix}row`;
    this.#text = text;
    let batch: Row[] = [];
    let cells = 0;
    let at = 0;
    for (;;) {
      const start = text.indexOf(open, at);
      if (start < 0) break;
      const name = start + open.length;
      at = name;
      if (!endsName(text.charCodeAt(name))) continue;
      this.#at = name;
      const row = this.#row();
      at = this.#at;
      cells += row.cells.length;
      batch.push(row);
      if (cells >= CELLS_PER_BATCH) {
        yield batch;
        batch = [];
        cells = 0;
      }
    }
    if (batch.length > 0) yield batch;
  }

  #row(): Row {
    const text = this.#text;
    const close = text.indexOf('>', this.#at);
    if (close < 0) throw damaged();
    const tag = text.slice(this.#at, close);
    const index = Math.max(this.#nextRow, this.#rowIndex(tag));
    if (index >= MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    this.#nextRow = index + 1;
    this.#at = close + 1;
    const row = { index, cells: [] as CellValue[], cut: false };
    if (!tag.endsWith('/')) this.#rowCells(row);
    this.#cells += row.cells.length;
    if (this.#cells > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
    return row;
  }

  #rowIndex(tag: string): number {
    const number = attribute(tag, 'r');
    if (number === undefined) return this.#nextRow;
    const index = Number(number) - 1;
    if (!Number.isInteger(index) || index < 0) throw damaged();
    return index;
  }

  #rowCells(row: { cells: CellValue[]; cut: boolean }): void {
    const text = this.#text;
    const { prefix, maxGap } = this.#context;
    const { cells } = row;
    this.#column = -1;
    for (;;) {
      const open = text.indexOf('<', this.#at);
      if (open < 0) throw damaged();
      const name = open + 1 + prefix.length;
      if (text.charCodeAt(open + 1) === SLASH) {
        const close = text.indexOf('>', name);
        this.#at = close < 0 ? text.length : close + 1;
        if (text.startsWith('row', name + 1)) return;
        continue;
      }
      if (text.charCodeAt(name) !== LOWER_C || !endsName(text.charCodeAt(name + 1))) {
        this.#at = open + 1;
        continue;
      }
      this.#at = name + 1;
      const value = this.#cellTag() ? this.#cellValue() : null;
      if (value === null || row.cut) continue;
      const column = this.#column;
      if (column >= MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
      if (cells.length > 0 && column - cells.length >= maxGap) {
        row.cut = true;
        continue;
      }
      for (let gap = cells.length; gap < column; gap++) cells.push(null);
      cells[column] = value;
    }
  }

  /** Reads the attributes of a `c` tag; true if the tag has content. */
  #cellTag(): boolean {
    const text = this.#text;
    const end = text.length;
    let at = this.#at;
    this.#column++;
    this.#style = 0;
    this.#type = '';
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === GT) {
        this.#at = at + 1;
        return true;
      }
      if (code === SLASH) {
        this.#at = at + 2;
        return false;
      }
      if (code <= SPACE) {
        at++;
        continue;
      }
      const start = at;
      while (at < end && text.charCodeAt(at) !== EQUALS) at++;
      const single = at - start === 1;
      at++;
      while (at < end && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
      const quote = text.charCodeAt(at++);
      const from = at;
      while (at < end && text.charCodeAt(at) !== quote) at++;
      if (single && code === LOWER_R) this.#column = this.#columnAt(from, at);
      else if (single && code === LOWER_S) this.#style = this.#integer(from, at);
      else if (single && code === LOWER_T) this.#type = text.slice(from, at);
      at++;
    }
    throw damaged();
  }

  #columnAt(from: number, to: number): number {
    let column = 0;
    for (let at = from; at < to; at++) {
      const code = this.#text.charCodeAt(at);
      if (code < UPPER_A || code > UPPER_Z) break;
      column = column * 26 + code - UPPER_A + 1;
    }
    if (column === 0) throw damaged();
    return column - 1;
  }

  #integer(from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at++) {
      const code = this.#text.charCodeAt(at);
      if (code < ZERO || code > NINE) return Number(this.#text.slice(from, to));
      value = value * 10 + code - ZERO;
    }
    return to - from > EXACT_DIGITS ? Number(this.#text.slice(from, to)) : value;
  }

  /** The value of a cell whose opening tag has been read, past its end tag. A formula's text is skipped. */
  #cellValue(): CellValue {
    const text = this.#text;
    const { prefix } = this.#context;
    let value: CellValue = null;
    for (;;) {
      const open = text.indexOf('<', this.#at);
      if (open < 0) throw damaged();
      if (text.charCodeAt(open + 1) === SLASH) {
        const close = text.indexOf('>', open);
        if (close < 0) throw damaged();
        this.#at = close + 1;
        if (text.charCodeAt(open + 2 + prefix.length) === LOWER_C) return value;
        continue;
      }
      const name = open + 1 + prefix.length;
      const close = text.indexOf('>', name);
      if (close < 0) throw damaged();
      this.#at = close + 1;
      if (text.charCodeAt(close - 1) === SLASH) continue;
      const code = text.charCodeAt(name);
      if (code === LOWER_V) value = this.#plainValue(close + 1);
      else if (code === LOWER_I) value = this.#inlineValue(close + 1);
      else if (code === LOWER_F) this.#at = this.#skipPast(`</${prefix}f>`);
    }
  }

  #skipPast(tag: string): number {
    const end = this.#text.indexOf(tag, this.#at);
    if (end < 0) throw damaged();
    return end + tag.length;
  }

  #inlineValue(from: number): CellValue {
    const { prefix } = this.#context;
    const end = this.#text.indexOf(`</${prefix}is>`, from);
    if (end < 0) throw damaged();
    this.#at = end;
    return richText(this.#text, from, end, prefix) || null;
  }

  #plainValue(from: number): CellValue {
    const text = this.#text;
    const end = text.indexOf('<', from);
    if (end < 0) throw damaged();
    this.#at = end;
    if (text.charCodeAt(end + 1) !== SLASH) {
      const data = characterData(text, from, text.length);
      this.#at = data.end;
      return this.#typed(data.text);
    }
    if (end === from) return null;
    if (this.#type === 's') return this.#sharedString(from, end);
    if (this.#type === '' || this.#type === 'n') return this.#number(from, end);
    return this.#typed(decodeOoxml(text.slice(from, end)));
  }

  #sharedString(from: number, to: number): CellValue {
    const string = this.#context.strings[this.#integer(from, to)];
    if (string === undefined) throw unreadable('The file is damaged: a cell names a text that is not there.');
    return string === '' ? null : string;
  }

  #number(from: number, to: number): CellValue {
    const number = this.#integer(from, to);
    if (Number.isFinite(number)) return this.#formatted(number);
    return decodeOoxml(this.#text.slice(from, to)).trim() || null;
  }

  /** A number, or the date or time that the cell's style makes of it. */
  #formatted(number: number): CellValue {
    const kind = this.#context.kinds[this.#style];
    if (kind === undefined || kind === 'number') return number;
    return temporalOf(number, kind, this.#context.date1904) ?? number;
  }

  #typed(raw: string): CellValue {
    if (raw === '') return null;
    switch (this.#type) {
      case 'b':
        return raw.trim() === '1' || raw.trim() === 'true';
      case 'd':
        return temporalOfIso(raw) ?? raw;
      case 's':
        return this.#context.strings[Number(raw)] || null;
      case '':
      case 'n':
        return Number.isFinite(Number(raw)) ? this.#formatted(Number(raw)) : raw;
      default:
        return raw;
    }
  }
}
