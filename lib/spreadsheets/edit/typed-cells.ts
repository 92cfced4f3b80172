import type { CellValue, PlainValue } from '../cells.ts';
import { cellText } from '../preview/cell-text.ts';
import { temporalOfIso } from '../read/number-format.ts';

type Kind = 'number' | 'boolean' | 'date' | 'time';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** What a text reads as where it is written as a preview writes such a value, or as a day; null for a text. */
function readAs(text: string): { kind: Kind; value: Exclude<PlainValue, string | null> } | null {
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' };
  const first = text.charCodeAt(0);
  // Digits and the minus are what such a text begins with.
  if (!(first === 45 || (first >= 48 && first <= 57))) return null;
  const number = Number(text);
  if (Number.isFinite(number) && cellText(number) === text) return { kind: 'number', value: number };
  const moment = temporalOfIso(text);
  if (moment === null || (cellText(moment) !== text && !DAY.test(text))) return null;
  return { kind: moment.kind === 'time' ? 'time' : 'date', value: moment };
}

function kindOf(value: Exclude<CellValue, string | null>): Kind | null {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value.kind === 'date' || value.kind === 'datetime') return 'date';
  return value.kind === 'time' ? 'time' : null;
}

interface ColumnKinds {
  /** Kinds of its values, and kinds that its texts only look like. */
  readonly held: Set<Kind>;
  readonly alike: Set<Kind>;
}

/**
 * Gives texts that somebody edited the types that a sheet had. A text that stands where it stood keeps its value.
 * Any other becomes a number, a boolean, a day or a time only in a column that had such values, and no texts that
 * look like them: an id such as `007` in a column of ids stays what it is.
 */
export class TypedCells {
  readonly #texts: readonly (readonly string[])[];
  readonly #cells: PlainValue[][];
  readonly #columns: ColumnKinds[] = [];
  /** Places that keep their value, by row: columns. */
  readonly #kept: Set<number>[];

  constructor(texts: readonly (readonly string[])[]) {
    this.#texts = texts;
    this.#cells = texts.map((row) => row.map((text) => (text === '' ? null : text)));
    this.#kept = texts.map(() => new Set());
  }

  /** Takes note of a row of the sheet as it was, 0-based; the first is its header. */
  note(row: number, cells: readonly CellValue[]): void {
    for (let column = 0; column < cells.length; column++) {
      const value = cells[column] ?? null;
      if (value === null) continue;
      if (row > 0) this.#noteKind(column, value);
      if (this.#texts[row]?.[column] !== cellText(value)) continue;
      const target = this.#cells[row];
      if (target !== undefined) target[column] = plain(value);
      this.#kept[row]?.add(column);
    }
  }

  /** The new rows, once every row of the sheet was noted that is to count. */
  rows(): readonly (readonly PlainValue[])[] {
    this.#texts.forEach((texts, row) => {
      if (row === 0) return;
      texts.forEach((text, column) => {
        const { held, alike } = this.#columns[column] ?? NO_KINDS;
        if (held.size === 0 || text === '' || this.#kept[row]?.has(column)) return;
        const read = readAs(text);
        const cells = this.#cells[row];
        if (read === null || cells === undefined) return;
        if (held.has(read.kind) && !alike.has(read.kind)) cells[column] = read.value;
      });
    });
    return this.#cells;
  }

  #noteKind(column: number, value: Exclude<CellValue, null>): void {
    const known = this.#columns[column];
    const kinds = known ?? { held: new Set<Kind>(), alike: new Set<Kind>() };
    if (known === undefined) this.#columns[column] = kinds;
    const isText = typeof value === 'string' || (typeof value === 'object' && value.kind === 'shown');
    const kind = isText ? readAs(cellText(value))?.kind : kindOf(value);
    if (kind !== undefined && kind !== null) (isText ? kinds.alike : kinds.held).add(kind);
  }
}

const NO_KINDS: ColumnKinds = { held: new Set(), alike: new Set() };

/** A number that is shown as a name is written as that name. */
const plain = (value: Exclude<CellValue, null>): PlainValue =>
  typeof value === 'object' && value.kind === 'shown' ? value.text : value;
