import { tooLarge, unreadable } from '../failure.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../limits.ts';
import { attribute, type RawXml } from '../read/ooxml/xml-text.ts';

const GT = 62;
const SLASH = 47;
const SPACE = 32;
const UPPER_A = 65;
const UPPER_Z = 90;
const QUOTE = 34;
// Set in every lower-case letter and in no upper-case one.
const LOWER = 32;

const endsName = (code: number): boolean => code === GT || code === SLASH || code <= SPACE;

const damaged = (): Error => unreadable('The file is damaged: a worksheet inside it is not well formed.');

const DATA = '<![CDATA[';
const DATA_END = ']]>';

/** Without sections whose text may look like tags; what they hold matters to no total, only that it is there. */
function withoutData(piece: RawXml): RawXml {
  let text = '';
  let at = 0;
  for (;;) {
    const open = piece.indexOf(DATA, at);
    if (open < 0) return text + piece.slice(at);
    const from = open + DATA.length;
    const close = piece.indexOf(DATA_END, from);
    if (close < 0) throw damaged();
    text += piece.slice(at, open) + (close > from ? 'x' : '');
    at = close + DATA_END.length;
  }
}

/** The index of a column by its letters at the start of a cell reference; -1 if there are none. */
function columnIndex(text: string, from: number): number {
  let column = 0;
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at) & ~LOWER;
    if (!(code >= UPPER_A && code <= UPPER_Z)) return column - 1;
    column = column * 26 + code - UPPER_A + 1;
  }
}

/** The value of the `r` attribute in a tag; the way every program writes it is found without a search by pattern. */
function reference(tag: string): string | undefined {
  const at = tag.indexOf(' r="');
  if (at < 0) return attribute(tag, 'r');
  const end = tag.indexOf('"', at + 4);
  return end < 0 || tag.charCodeAt(end) !== QUOTE ? undefined : tag.slice(at + 4, end);
}

/**
 * Counts how far a sheet reaches without reading its cells: of each row only the last value is looked for,
 * from the row's end. A sheet's own `dimension` is not believed.
 */
export class SheetTally {
  readonly #rowOpen: string;
  readonly #rowClose: string;
  readonly #cellOpen: string;
  readonly #ends: readonly string[];
  readonly #valueOpens: readonly string[];
  #next = 0;
  #rows = 0;
  #columns = 0;

  /** `prefix` is the namespace prefix of the sheet's elements, with its colon, or nothing. */
  constructor(prefix: string) {
    this.#rowOpen = `<${prefix}row`;
    this.#rowClose = `</${prefix}row>`;
    this.#cellOpen = `<${prefix}c`;
    this.#ends = [`</${prefix}v>`, `</${prefix}is>`];
    this.#valueOpens = [`<${prefix}v>`, `<${prefix}t></${prefix}t>`, `<${prefix}t/>`, `<${prefix}is>`];
  }

  get totalRows(): number {
    return this.#rows;
  }

  get totalColumns(): number {
    return this.#columns;
  }

  /** Counts the next piece of the sheet, which ends with a row. Throws SpreadsheetFailure. */
  add(piece: RawXml): void {
    const text = withoutData(piece);
    for (let at = text.indexOf(this.#rowOpen); at >= 0; at = text.indexOf(this.#rowOpen, at)) {
      const name = at + this.#rowOpen.length;
      at = name;
      if (!endsName(text.charCodeAt(name))) continue;
      const close = text.indexOf('>', name);
      if (close < 0) throw damaged();
      const index = this.#rowIndex(text.slice(name, close));
      at = close + 1;
      if (text.charCodeAt(close - 1) === SLASH) continue;
      const end = text.indexOf(this.#rowClose, at);
      if (end < 0) throw damaged();
      const columns = this.#width(text.slice(at, end));
      at = end;
      if (columns === 0) continue;
      if (columns > MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
      this.#rows = Math.max(this.#rows, index + 1);
      if (columns > this.#columns) this.#columns = columns;
    }
  }

  #rowIndex(tag: string): number {
    const said = reference(tag);
    const index = said === undefined ? this.#next : Number(said) - 1;
    if (!Number.isInteger(index) || index < 0) throw damaged();
    if (index >= MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    this.#next = index + 1;
    return index;
  }

  /** Columns of a row up to its last value. Each kind of value is looked for once, however many are empty. */
  #width(row: RawXml): number {
    const places = this.#ends.map((tag) => this.#lastValue(row, tag));
    const last = Math.max(...places);
    return last < 0 ? 0 : this.#columnsTo(row, this.#cellBefore(row, last));
  }

  /** Where the last value ends that is not empty, of those that end with this tag. */
  #lastValue(row: RawXml, tag: string): number {
    for (let at = row.lastIndexOf(tag); at > 0; at = row.lastIndexOf(tag, at - 1)) {
      if (!this.#isEmptyBefore(row, at)) return at;
    }
    return -1;
  }

  #isEmptyBefore(row: RawXml, end: number): boolean {
    if (row.charCodeAt(end - 1) !== GT) return false;
    return this.#valueOpens.some((open) => row.endsWith(open, end));
  }

  /** Where the cell starts that holds this place. */
  #cellBefore(row: RawXml, place: number): number {
    for (let at = row.lastIndexOf(this.#cellOpen, place); at >= 0; ) {
      if (endsName(row.charCodeAt(at + this.#cellOpen.length))) return at;
      if (at === 0) break;
      at = row.lastIndexOf(this.#cellOpen, at - 1);
    }
    throw damaged();
  }

  /** How many columns there are up to the cell at this place. A cell without a reference follows the one before. */
  #columnsTo(row: RawXml, cell: number): number {
    const place = this.#placeOf(row, cell);
    if (place !== undefined) return place + 1;
    let column = -1;
    for (let at = row.indexOf(this.#cellOpen); at >= 0 && at <= cell; ) {
      const isCell = endsName(row.charCodeAt(at + this.#cellOpen.length));
      if (isCell) column = this.#placeOf(row, at) ?? column + 1;
      at = row.indexOf(this.#cellOpen, at + 1);
    }
    return column + 1;
  }

  #placeOf(row: RawXml, cell: number): number | undefined {
    const close = row.indexOf('>', cell);
    const said = reference(row.slice(cell, close < 0 ? row.length : close));
    if (said === undefined) return undefined;
    const column = columnIndex(said, 0);
    if (column < 0) throw damaged();
    return column;
  }
}
