import { attribute, type RawXml } from '../read/ooxml/xml-text.ts';
import type { CellLook } from './cell-looks.ts';

/** A cell that looks otherwise than most; both counted from 0. */
export interface CellFormat extends CellLook {
  readonly row: number;
  readonly column: number;
}

/** What of a sheet's first rows is to be seen beside its values. Rows and columns are counted from 0. */
export interface SheetLooks {
  readonly hiddenRows: readonly number[];
  readonly hiddenColumns: readonly number[];
  readonly cellFormats: readonly CellFormat[];
}

export const NO_LOOKS: SheetLooks = { hiddenRows: [], hiddenColumns: [], cellFormats: [] };

/** Formatted cells that one preview tells; somebody who looks at a sheet sees by fewer how it is meant. */
const MAX_FORMATS = 10_000;

/** The column that a cell's place begins with, from 0; -1 where it names none. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Za-z]{1,3}/.exec(place)?.[0].toUpperCase() ?? '') {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
}

/** Collects what is to be seen of a sheet's first rows, from pieces that end with a row. */
export class LookScanner {
  readonly #tag: RegExp;
  readonly #looks: readonly (CellLook | undefined)[];
  readonly #maxRows: number;
  readonly #maxColumns: number;
  readonly hiddenRows: number[] = [];
  readonly cellFormats: CellFormat[] = [];
  #row = -1;
  #column = -1;

  /** `prefix` is the namespace prefix of the sheet's elements, with its colon, or nothing. */
  constructor(
    prefix: string,
    looks: readonly (CellLook | undefined)[],
    { maxRows, maxColumns }: { maxRows: number; maxColumns: number },
  ) {
    this.#tag = new RegExp(`<${prefix.replace(/[.]/g, '\\.')}(row|c)(?=[\\s/>])([^<>]*)>`, 'g');
    this.#looks = looks;
    this.#maxRows = maxRows;
    this.#maxColumns = maxColumns;
  }

  /** Whether the rows that are wanted were seen. */
  get isDone(): boolean {
    return this.#row >= this.#maxRows;
  }

  add(piece: RawXml): void {
    for (const [, name, attributes = ''] of piece.matchAll(this.#tag)) {
      if (this.isDone) return;
      if (name === 'row') this.#startRow(attributes);
      else this.#cell(attributes);
    }
  }

  #startRow(attributes: string): void {
    const named = Number(attribute(attributes.trimStart(), 'r') ?? Number.NaN);
    this.#row = Number.isInteger(named) && named > 0 ? named - 1 : this.#row + 1;
    this.#column = -1;
    if (this.isDone || !attributes.includes('hidden')) return;
    if (['1', 'true'].includes(attribute(attributes.trimStart(), 'hidden') ?? ''))
      this.hiddenRows.push(this.#row);
  }

  #cell(attributes: string): void {
    const tag = attributes.trimStart();
    const named = columnOf(attribute(tag, 'r') ?? '');
    this.#column = named < 0 ? this.#column + 1 : named;
    const look = this.#looks[Number(attribute(tag, 's') ?? 0)];
    if (look === undefined || this.#column >= this.#maxColumns) return;
    if (this.cellFormats.length >= MAX_FORMATS) return;
    this.cellFormats.push({ row: this.#row, column: this.#column, ...look });
  }
}
