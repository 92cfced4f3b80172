import { type CellValue, isBlank } from '../../cells.ts';
import type { Cells } from '../row-scan.ts';

/** What a cell looks like, as far as finding tables needs to know. */
export const BLANK = 0;
export const TEXT = 1;
/** A text too long to be a name or a word: sentences stand in notes, and in columns of remarks. */
export const SENTENCE = 2;
export const NUMBER = 3;
export const MOMENT = 4;
const KIND = 7;
/** The cell has the text of the one left of it: merged cells of a title, filled with what the first one holds. */
const SAME = 8;

// Names of columns and things are shorter.
const SENTENCE_CHARACTERS = 60;

const NUMERIC =
  /^[-+(]?\s?(?:[$€£¥₹]|[A-Z]{3}\s)?\s?[-+]?(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+)?(?:[.,]\d+)?(?:e[-+]?\d+)?\s?(?:[%‰€$£¥]|[A-Z]{3})?\)?[*†‡]?$/i;
const DIGIT = /\p{Nd}/u;
const DAY =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?)?$/;
const CLOCK = /^\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?$/i;

function kindOfText(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return BLANK;
  if (trimmed.length > SENTENCE_CHARACTERS) return SENTENCE;
  if (!DIGIT.test(trimmed)) return TEXT;
  if (NUMERIC.test(trimmed)) return NUMBER;
  return DAY.test(trimmed) || CLOCK.test(trimmed) ? MOMENT : TEXT;
}

function kindOf(cell: CellValue): number {
  if (cell === null || isBlank(cell)) return BLANK;
  if (typeof cell === 'string') return kindOfText(cell);
  if (typeof cell === 'number') return NUMBER;
  if (typeof cell === 'boolean') return TEXT;
  return cell.kind === 'shown' ? TEXT : MOMENT;
}

/** FNV-1a, to tell rows of the same texts without keeping them. */
function hashed(hash: number, text: string): number {
  let value = hash;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619);
  return value >>> 0;
}

const HASH_START = 2_166_136_261;

// Room for the first cells; it doubles from there.
const FIRST_CELLS = 4096;

/** The looks of all cells of a sheet: one byte each, and no texts. */
export class Grid {
  /** The codes of all rows one after another: an array for each would take more room than its cells. */
  #codes = new Uint8Array(FIRST_CELLS);
  #used = 0;
  readonly #starts: number[] = [0];
  readonly #hashes: number[] = [];
  /** Cells that a row of a text file has, empty ones at its end included. */
  readonly #lengths: number[] = [];
  readonly #series = new Set<number>();
  readonly #years = new Set<number>();
  #width = 0;

  get height(): number {
    return this.#starts.length - 1;
  }

  get width(): number {
    return this.#width;
  }

  #code(row: number, column: number): number {
    const at = (this.#starts[row] ?? 0) + column;
    return at < (this.#starts[row + 1] ?? 0) ? (this.#codes[at] ?? BLANK) : BLANK;
  }

  #makeRoom(cells: number): void {
    if (cells <= this.#codes.length) return;
    const larger = new Uint8Array(Math.max(cells, this.#codes.length * 2));
    larger.set(this.#codes);
    this.#codes = larger;
  }

  /** Takes the next row; `length` counts the empty cells at its end too. */
  add(cells: Cells, length: number): void {
    const row = this.height;
    const start = this.#used;
    this.#makeRoom(start + cells.length);
    const codes = this.#codes;
    let hash = HASH_START;
    let filled = 0;
    let before = '';
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column] ?? null;
      const kind = kindOf(cell);
      const text = typeof cell === 'string' ? cell.trim().toLowerCase() : '';
      codes[start + column] = kind | (kind !== BLANK && text !== '' && text === before ? SAME : 0);
      before = text;
      if (kind === BLANK) continue;
      filled = column + 1;
      hash = hashed(hash, `${column}\u0000${text === '' ? String(cell) : text}`);
    }
    if (isSeries(cells)) this.#series.add(row);
    if (areYears(cells)) this.#years.add(row);
    this.#width = Math.max(this.#width, filled);
    this.#used = start + filled;
    this.#starts.push(this.#used);
    this.#hashes.push(hash);
    this.#lengths.push(length);
  }

  /** Cells of the row, empty ones at its end included where the file has them. */
  length(row: number): number {
    return this.#lengths[row] ?? 0;
  }

  /** The column behind the row's last filled cell. */
  end(row: number): number {
    return (this.#starts[row + 1] ?? 0) - (this.#starts[row] ?? 0);
  }

  /** Cells that are kept: all rows, each up to its last filled cell. */
  get cells(): number {
    return this.#used;
  }

  kind(row: number, column: number): number {
    return this.#code(row, column) & KIND;
  }

  filled(row: number, column: number): boolean {
    return this.kind(row, column) !== BLANK;
  }

  /** The cell says what the cell left of it says. */
  same(row: number, column: number): boolean {
    return (this.#code(row, column) & SAME) !== 0;
  }

  /** Equal where two rows hold the same texts in the same columns. */
  hash(row: number): number {
    return this.#hashes[row] ?? 0;
  }

  /** The row's numbers are a series, as years and months are above columns. */
  series(row: number): boolean {
    return this.#series.has(row);
  }

  /** The row's numbers are years and nothing else, as they are above groups of columns. */
  years(row: number): boolean {
    return this.#years.has(row);
  }
}

// Two numbers side by side are a series by accident; four in a row hardly ever.
const SERIES_LENGTH = 3;

const isYear = (number: number): boolean => Number.isInteger(number) && number > 1000 && number < 3000;

const numberOf = (cell: CellValue): number =>
  typeof cell === 'number'
    ? cell
    : typeof cell === 'string' && cell.trim() !== ''
      ? Number(cell)
      : Number.NaN;

function isSeries(cells: Cells): boolean {
  let run = 1;
  let before = Number.NaN;
  for (const cell of cells) {
    const number = numberOf(cell);
    if (isYear(number) && number - before === 1) {
      if (++run >= SERIES_LENGTH) return true;
    } else run = 1;
    before = number;
  }
  return false;
}

function areYears(cells: Cells): boolean {
  const numbers = cells.map(numberOf).filter((number) => !Number.isNaN(number));
  return numbers.length > 1 && numbers.every(isYear);
}
