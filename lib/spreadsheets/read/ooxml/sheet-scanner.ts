import { type CellValue, columnLetters } from '../../cells.ts';
import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_CELLS, MAX_COLUMNS } from '../../limits.ts';
import { type NumberFormat, PLAIN_FORMAT, temporalOf, temporalOfIso } from '../number-format.ts';
import type { Row, SheetFacts } from '../reader.ts';
import { HeldRows, type OpenRow } from './held-rows.ts';
import { characterData, richText } from './rich-text.ts';
import { decodeAttribute, decodeOoxml, type RawXml, textClass } from './xml-text.ts';

/** What a sheet's cells refer to. */
export interface SheetContext {
  readonly strings: readonly string[];
  readonly formats: readonly NumberFormat[];
  readonly date1904: boolean;
  /** A row ends where this many empty cells follow a value. */
  readonly maxGap: number;
  /** Namespace prefix of the sheet's elements, with its colon, or nothing. */
  readonly prefix: string;
}

/** What a sheet's rows tell beside their values. */
export interface RowFacts extends Pick<SheetFacts, 'hiddenRows' | 'uncalculated' | 'units'> {
  /** Columns up to the last one with a value. */
  readonly width: number;
}

const SPACE = 32;
const QUOTE = 34;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const MINUS = 45;
const POINT = 46;
const SLASH = 47;
const ZERO = 48;
const NINE = 57;
const LESS = 60;
const EQUALS = 61;
const GT = 62;
const UPPER_A = 65;
const UPPER_Z = 90;
// Set in every lower-case letter and in no upper-case one.
const LOWER = 32;
const LOWER_B = 98;
const LOWER_C = 99;
const LOWER_D = 100;
const LOWER_F = 102;
const LOWER_I = 105;
const LOWER_N = 110;
const LOWER_R = 114;
const LOWER_S = 115;
const LOWER_T = 116;
const LOWER_V = 118;

// What follows the end of the text: no byte of UTF-8, though one that a broken file may hold.
const END = 255;

/** An attribute, or a type of cell, whose name is longer than a letter. */
const LONG_NAME = 0;

// Numbers of up to 15 digits are exact, so they can be built digit by digit; and divided by a power of ten,
// which is exact too, they are rounded once, as the number's text would be.
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);
// Rows are handed on in parts of this many cells, so that no part grows large whatever the gaps.
const CELLS_PER_BATCH = 50_000;

// A piece is now and then a little longer than the one before.
const SPARE_BYTES = 16 * 1024;

const damaged = (): Error => unreadable('The file is damaged: a worksheet inside it is not well formed.');

const endsName = (code: number): boolean => code === GT || code === SLASH || code <= SPACE;

/**
 * Finds rows and their values in the text of a worksheet part, handed over in pieces that end with a row.
 * It looks at tags only as far as needed, and at each character once, which is what makes it fast.
 */
export class SheetScanner {
  readonly #context: SheetContext;
  readonly #prefixLength: number;
  readonly #rows = new HeldRows();
  // The piece being read: tags are looked for in its bytes, which is faster, and texts are cut out of it.
  #text: RawXml = '';
  #bytes: Uint8Array = new Uint8Array(0);
  #buffer = Buffer.alloc(0);
  #at = 0;
  #cells = 0;
  // The row and the cell being read.
  #row = 0;
  #column = 0;
  #style = 0;
  /** The letter of the cell's type: n where it names none, and none for those with longer names. */
  #type = LOWER_N;
  /** Its type is the text that a formula gives. */
  #isFormulaText = false;
  // The attribute being read: where its name starts, and its value as it stands.
  #nameFrom = 0;
  #valueFrom = 0;
  #valueTo = 0;
  #valueHasEntities = false;
  // What is told beside the values.
  #uncalculated = 0;
  #firstUncalculated: string | null = null;
  readonly #units = new Map<string, number[]>();

  constructor(context: SheetContext) {
    this.#context = context;
    this.#prefixLength = context.prefix.length;
  }

  /** The rows of the next piece of text, in batches; the last one is held back. Throws SpreadsheetFailure. */
  *rows(text: RawXml): Generator<Row[]> {
    const open = `<${this.#context.prefix}row`;
    this.#take(text);
    let cells = 0;
    for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, this.#at)) {
      this.#at = at + open.length;
      if (!endsName(text.charCodeAt(this.#at))) continue;
      cells += this.#readRow();
      if (cells < CELLS_PER_BATCH) continue;
      cells = 0;
      yield this.#rows.release(1);
    }
    if (this.#rows.count > 1) yield this.#rows.release(1);
  }

  #take(text: RawXml): void {
    if (this.#buffer.length < text.length) this.#buffer = Buffer.allocUnsafe(text.length + SPARE_BYTES);
    this.#buffer.write(text, 'latin1');
    this.#text = text;
    this.#bytes = this.#buffer.subarray(0, text.length);
  }

  /** The row that is still held back, once there is no more text. */
  end(): Row[] {
    return this.#rows.release(0);
  }

  /** What was found beside the values, once the last row was handed on. */
  facts(): RowFacts {
    return {
      hiddenRows: this.#rows.hidden,
      width: this.#rows.width,
      uncalculated: { count: this.#uncalculated, first: this.#firstUncalculated },
      units: [...this.#units].flatMap(([unit, counts]) =>
        counts.flatMap((count, column) => (count > 0 ? [{ column, unit, count }] : [])),
      ),
    };
  }

  /** Reads a row whose name has been read. Returns how many cells it added. */
  #readRow(): number {
    let index: number | undefined;
    let hidden = false;
    let code = this.#nextAttribute();
    for (; code !== GT && code !== SLASH; code = this.#nextAttribute()) {
      if (code === LOWER_R) index = this.#rowIndex();
      else if (code === LONG_NAME && this.#text.startsWith('hidden', this.#nameFrom)) hidden = this.#isTrue();
    }
    const row = this.#rows.at(index);
    if (hidden) row.hidden = true;
    const before = row.cells.length;
    this.#row = row.index;
    if (code === GT) this.#rowCells(row);
    const added = row.cells.length - before;
    this.#cells += added;
    if (this.#cells > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
    return added;
  }

  #rowIndex(): number {
    const index = this.#integer() - 1;
    if (!Number.isInteger(index) || index < 0) throw damaged();
    return index;
  }

  #isTrue(): boolean {
    const value = this.#value();
    return value === '1' || value === 'true';
  }

  #rowCells(row: OpenRow): void {
    const bytes = this.#bytes;
    const { cells } = row;
    this.#column = -1;
    for (;;) {
      const open = this.#nextTag();
      const name = open + 1 + this.#prefixLength;
      if (bytes[open + 1] === SLASH) {
        const close = this.#text.indexOf('>', name);
        this.#at = close < 0 ? bytes.length : close + 1;
        if (this.#text.startsWith('row', name + 1)) return;
        continue;
      }
      if (bytes[name] !== LOWER_C || !endsName(bytes[name + 1] ?? END)) {
        this.#at = open + 1;
        continue;
      }
      this.#at = name + 1;
      const value = this.#cellTag() ? this.#cellValue() : null;
      if (value === null || row.cut) continue;
      const column = this.#column;
      if (column >= MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
      if (column === cells.length) cells.push(value);
      else this.#place(row, column, value);
    }
  }

  /** Puts a value elsewhere than right behind the others. */
  #place(row: OpenRow, column: number, value: CellValue): void {
    const { cells } = row;
    if (cells.length > 0 && column - cells.length >= this.#context.maxGap) {
      row.cut = true;
      return;
    }
    for (let gap = cells.length; gap < column; gap++) cells.push(null);
    cells[column] = value;
  }

  /** Where the next tag starts; mostly that is here. */
  #nextTag(): number {
    const at = this.#at;
    if (this.#bytes[at] === LESS) return at;
    const open = this.#text.indexOf('<', at);
    if (open < 0) throw damaged();
    return open;
  }

  /**
   * Reads the next attribute of a tag. Returns the letter that names it, `LONG_NAME`, or how the tag ends: with
   * content (`>`) or without (`/`).
   */
  #nextAttribute(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let code = bytes[at] ?? END;
    while (code <= SPACE) code = bytes[++at] ?? END;
    if (code === GT) {
      this.#at = at + 1;
      return GT;
    }
    if (code === SLASH) {
      this.#at = at + 2;
      return SLASH;
    }
    const first = code;
    const from = at;
    while (code > SPACE && code !== EQUALS && code !== GT && code !== END) code = bytes[++at] ?? END;
    const name = at - from === 1 ? first : LONG_NAME;
    while (code <= SPACE) code = bytes[++at] ?? END;
    if (code !== EQUALS) throw damaged();
    do code = bytes[++at] ?? END;
    while (code <= SPACE);
    if (code !== QUOTE && code !== APOSTROPHE) throw damaged();
    const quote = code;
    let hasEntities = false;
    this.#nameFrom = from;
    this.#valueFrom = at + 1;
    for (code = bytes[++at] ?? END; code !== quote; code = bytes[++at] ?? END) {
      if (code === AMPERSAND) hasEntities = true;
      else if (code === END && at >= bytes.length) throw damaged();
    }
    this.#valueTo = at;
    this.#valueHasEntities = hasEntities;
    this.#at = at + 1;
    return name;
  }

  /** The value of the attribute that was read. */
  #value(): string {
    return decodeAttribute(this.#text.slice(this.#valueFrom, this.#valueTo)).trim();
  }

  /** The same as a whole number; NaN where it is none. */
  #integer(): number {
    const to = this.#valueTo;
    let value = 0;
    for (let at = this.#valueFrom; at < to; at++) {
      const code = this.#bytes[at] ?? END;
      if (code < ZERO || code > NINE) return Number(this.#value());
      value = value * 10 + code - ZERO;
    }
    return value;
  }

  /** Reads the attributes of a `c` tag; true if the tag has content. */
  #cellTag(): boolean {
    this.#column++;
    this.#style = 0;
    this.#type = LOWER_N;
    this.#isFormulaText = false;
    for (;;) {
      const code = this.#nextAttribute();
      if (code === LOWER_R) this.#readPlace();
      else if (code === LOWER_S) this.#style = this.#integer();
      else if (code === LOWER_T) this.#readType();
      else if (code === GT) return true;
      else if (code === SLASH) return false;
    }
  }

  /** The column that a cell reference starts with, in letters of either case. */
  #readPlace(): void {
    const reference = this.#valueHasEntities ? Buffer.from(this.#value(), 'latin1') : this.#bytes;
    let column = 0;
    for (let at = this.#valueHasEntities ? 0 : this.#valueFrom; ; at++) {
      const code = (reference[at] ?? END) & ~LOWER;
      if (code < UPPER_A || code > UPPER_Z) break;
      column = column * 26 + code - UPPER_A + 1;
    }
    if (column === 0) throw damaged();
    this.#column = column - 1;
  }

  #readType(): void {
    const value = this.#valueHasEntities ? Buffer.from(this.#value(), 'latin1') : this.#bytes;
    const from = this.#valueHasEntities ? 0 : this.#valueFrom;
    const length = this.#valueHasEntities ? value.length : this.#valueTo - from;
    const first = value[from] ?? END;
    if (length === 0) this.#type = LOWER_N;
    else this.#type = length === 1 ? first : LONG_NAME;
    // Of the types with longer names only `str` starts with an s.
    this.#isFormulaText = length > 1 && first === LOWER_S;
  }

  /** The value of a cell whose opening tag has been read, past its end tag. A formula's text is skipped. */
  #cellValue(): CellValue {
    const bytes = this.#bytes;
    let value: CellValue = null;
    let hasFormula = false;
    let hasResult = false;
    for (;;) {
      const open = this.#nextTag();
      if (bytes[open + 1] === SLASH) {
        const name = open + 2 + this.#prefixLength;
        const close = bytes[name + 1] === GT ? name + 1 : this.#text.indexOf('>', name);
        if (close < 0) throw damaged();
        this.#at = close + 1;
        if (bytes[name] !== LOWER_C) continue;
        if (hasFormula && value === null && !(hasResult && this.#isFormulaText)) this.#noteUncalculated();
        return value;
      }
      const name = open + 1 + this.#prefixLength;
      const code = bytes[name];
      this.#at = name + 1;
      const hasContent = this.#skipTag();
      if (code === LOWER_F) hasFormula = true;
      else if (code === LOWER_V) hasResult = true;
      if (!hasContent) continue;
      if (code === LOWER_V) value = this.#plainValue();
      else if (code === LOWER_I) value = this.#inlineValue();
      else if (code === LOWER_F) this.#skipFormula();
    }
  }

  /** Reads a tag to its end, from anywhere in its name on; true if the tag has content. */
  #skipTag(): boolean {
    let at = this.#at;
    let code = this.#bytes[at] ?? END;
    while (!endsName(code)) {
      if (code === END && at >= this.#bytes.length) throw damaged();
      code = this.#bytes[++at] ?? END;
    }
    this.#at = at;
    do code = this.#nextAttribute();
    while (code !== GT && code !== SLASH);
    return code === GT;
  }

  #noteUncalculated(): void {
    this.#uncalculated++;
    this.#firstUncalculated ??= `${columnLetters(this.#column)}${this.#row + 1}`;
  }

  #skipFormula(): void {
    const end = this.#text.indexOf(`</${this.#context.prefix}f`, this.#at);
    if (end < 0) throw damaged();
    this.#at = end;
  }

  #inlineValue(): CellValue {
    const bytes = this.#bytes;
    const from = this.#at;
    const name = from + 1 + this.#prefixLength;
    // Nearly always there is one `t` and nothing else: behind it all tags are end tags.
    if (bytes[name] === LOWER_T && endsName(bytes[name + 1] ?? END)) {
      this.#at = name + 1;
      const string = this.#skipTag() ? this.#untilTag() : '';
      const next = bytes[this.#at + 1] === SLASH ? this.#at + 3 + this.#prefixLength : -1;
      if (bytes[next] === GT && bytes[next + 1] === LESS && bytes[next + 2] === SLASH) return string || null;
    }
    const { prefix } = this.#context;
    const end = this.#text.indexOf(`</${prefix}is`, from);
    if (end < 0) throw damaged();
    this.#at = end;
    return richText(this.#text, from, end, prefix) || null;
  }

  /** The text from here to the next tag. */
  #untilTag(): string {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let classes = 0;
    for (let code = bytes[at] ?? END; code !== LESS; code = bytes[++at] ?? END) {
      if (code === END && at >= bytes.length) throw damaged();
      classes |= textClass(code);
    }
    this.#at = at;
    const string = this.#text.slice(from, at);
    return classes === 0 ? string : decodeOoxml(string);
  }

  /** The content of a `v` element. */
  #plainValue(): CellValue {
    const text = this.#text;
    const from = this.#at;
    if (this.#type === LOWER_N) {
      const number = this.#exactNumber();
      if (number !== undefined) return this.#formatted(number);
    }
    const string = this.#untilTag();
    if (this.#bytes[this.#at + 1] === SLASH) return this.#typed(string);
    const data = characterData(text, from, text.length);
    this.#at = data.end;
    return this.#typed(data.text);
  }

  /** The number that stands here if it is one of few digits, as most are; otherwise nothing is read. */
  #exactNumber(): number | undefined {
    const bytes = this.#bytes;
    let at = this.#at;
    let code = bytes[at] ?? END;
    const isNegative = code === MINUS;
    if (isNegative) code = bytes[++at] ?? END;
    let number = 0;
    let digits = 0;
    let wholeDigits = -1;
    for (; ; code = bytes[++at] ?? END) {
      if (code >= ZERO && code <= NINE) {
        number = number * 10 + code - ZERO;
        digits++;
      } else if (code === POINT && wholeDigits < 0) wholeDigits = digits;
      else break;
    }
    if (digits === 0 || digits > EXACT_DIGITS) return undefined;
    if (code !== LESS || bytes[at + 1] !== SLASH) return undefined;
    this.#at = at;
    if (wholeDigits >= 0) number /= POWERS[digits - wholeDigits] ?? 1;
    return isNegative ? -number : number;
  }

  /** A number as the cell's style has it: a date or time, a name, or an amount. */
  #formatted(number: number): CellValue {
    const format = this.#context.formats[this.#style];
    if (format === undefined || format === PLAIN_FORMAT) return number;
    const { kind, mask, unit } = format;
    if (unit !== null) this.#countUnit(unit);
    if (kind !== 'number') return temporalOf(number, kind, this.#context.date1904) ?? number;
    const text = mask === null ? null : mask(number);
    return text === null ? number : { kind: 'shown', value: number, text };
  }

  #countUnit(unit: string): void {
    const counts = this.#units.get(unit) ?? [];
    if (counts.length === 0) this.#units.set(unit, counts);
    while (counts.length <= this.#column && this.#column < MAX_COLUMNS) counts.push(0);
    counts[this.#column] = (counts[this.#column] ?? 0) + 1;
  }

  #sharedString(raw: string): CellValue {
    const string = this.#context.strings[Number(raw)];
    if (string === undefined) throw unreadable('The file is damaged: a cell names a text that is not there.');
    return string === '' ? null : string;
  }

  #typed(raw: string): CellValue {
    if (raw === '') return null;
    switch (this.#type) {
      case LOWER_S:
        return raw.trim() === '' ? null : this.#sharedString(raw);
      case LOWER_N: {
        if (raw.trim() === '') return null;
        const number = Number(raw);
        return Number.isFinite(number) ? this.#formatted(number) : raw.trim();
      }
      case LOWER_B:
        return raw.trim() === '1' || raw.trim() === 'true';
      case LOWER_D:
        return temporalOfIso(raw) ?? raw;
      default:
        return raw;
    }
  }
}
