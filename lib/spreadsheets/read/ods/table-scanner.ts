import type { CellValue } from '../../cells.ts';
import { tooLarge } from '../../failure.ts';
import { MAX_CELL_CHARACTERS, MAX_CELLS, MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS } from '../../limits.ts';
import { TableFacts } from '../table-facts.ts';
import { ASIDE, CellText } from './cell-text.ts';
import { isUncalculated, odsValue } from './cell-value.ts';
import type { OdsStyles } from './styles.ts';
import type { XmlSink, XmlTag } from './xml-walk.ts';

/** A row that stands as often as it says, from its index on. */
export interface RepeatedRow {
  readonly index: number;
  readonly repeat: number;
  readonly cells: readonly CellValue[];
  readonly cut: boolean;
  readonly hidden: boolean;
}

const isHidden = (tag: XmlTag): boolean => {
  const visibility = tag.attribute('table:visibility');
  return visibility === 'collapse' || visibility === 'filter';
};

/**
 * Finds the rows of one table, from behind its opening tag on. A cell or a row that repeats itself is expanded
 * only as far as it has something to say: the format lets one cell stand for a whole sheet.
 */
export class TableScanner implements XmlSink {
  readonly facts = new TableFacts();
  readonly #styles: OdsStyles;
  readonly #maxGap: number;
  readonly #text = new CellText();
  readonly #columnStyles: (string | undefined)[] = [];
  #found: RepeatedRow[] = [];
  // An element that is passed over, and how deep in elements of its name the walk is.
  #aside: string | undefined;
  #depth = 0;
  // The row being read, and the cell.
  #row: XmlTag | undefined;
  #index = 0;
  #cells: CellValue[] = [];
  #column = 0;
  #width = 0;
  #cut = false;
  #cell: XmlTag | undefined;
  #cellCount = 0;
  #characters = 0;
  #rowCharacters = 0;

  /** A row ends where `maxGap` empty cells follow a value. */
  constructor(styles: OdsStyles, maxGap: number) {
    this.#styles = styles;
    this.#maxGap = maxGap;
  }

  get wantsText(): boolean {
    return this.#text.isOpen && this.#aside === undefined;
  }

  /** Whether the walk is inside something else than the table's own rows. */
  get isAside(): boolean {
    return this.#aside !== undefined;
  }

  /** Rows up to the last with a value. */
  claimedRows = 0;

  /** The rows found since this was asked last. */
  take(): RepeatedRow[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  text(text: string): void {
    this.#text.add(text);
  }

  open(tag: XmlTag): void {
    const { name } = tag;
    if (this.#aside !== undefined) {
      if (name === this.#aside && !tag.empty) this.#depth++;
      return;
    }
    switch (name) {
      case 'table:table-cell':
      case 'table:covered-table-cell':
        this.#cell = tag;
        this.#text.reset();
        if (tag.empty) this.#closeCell();
        return;
      case 'text:p':
      case 'text:h':
        if (this.#cell === undefined) return;
        if (tag.empty) this.#text.emptyParagraph();
        else this.#text.openParagraph();
        return;
      case 'text:s':
        if (!this.#text.isOpen) return;
        this.#text.addAsIs(' '.repeat(Math.min(tag.count('text:c'), MAX_CELL_CHARACTERS)));
        return;
      case 'text:tab':
        if (this.#text.isOpen) this.#text.addAsIs('\t');
        return;
      case 'text:line-break':
        if (this.#text.isOpen) this.#text.addAsIs('\n');
        return;
      case 'table:table-row':
        this.#openRow(tag);
        return;
      case 'table:table-column':
        this.#openColumn(tag);
        return;
      default:
        this.#openOther(tag);
    }
  }

  close(name: string): void {
    if (this.#aside !== undefined) {
      if (name === this.#aside && --this.#depth === 0) this.#aside = undefined;
      return;
    }
    if (name === 'table:table-cell' || name === 'table:covered-table-cell') this.#closeCell();
    else if (name === 'text:p' || name === 'text:h') this.#text.closeParagraph();
    else if (name === 'table:table-row') this.#closeRow();
  }

  #openOther(tag: XmlTag): void {
    if (tag.name === 'office:annotation' && this.#cell !== undefined) this.facts.note();
    // A table inside a cell, and shapes on the sheet, have texts and rows of their own.
    const isAside = tag.name === 'table:table' || tag.name === 'table:shapes' || ASIDE.test(tag.name);
    if (!isAside || tag.empty) return;
    this.#aside = tag.name;
    this.#depth = 1;
  }

  #openColumn(tag: XmlTag): void {
    const repeat = Math.min(tag.count('table:number-columns-repeated'), MAX_COLUMNS);
    const style = tag.attribute('table:default-cell-style-name');
    this.facts.column(isHidden(tag), repeat);
    const end = Math.min(this.#columnStyles.length + repeat, MAX_COLUMNS);
    while (this.#columnStyles.length < end) this.#columnStyles.push(style);
  }

  #openRow(tag: XmlTag): void {
    this.#row = tag;
    this.#cells = [];
    this.#column = 0;
    this.#width = 0;
    this.#cut = false;
    this.#rowCharacters = 0;
    if (tag.empty) this.#closeRow();
  }

  #closeRow(): void {
    const tag = this.#row;
    if (tag === undefined) return;
    this.#row = undefined;
    const repeat = tag.count('table:number-rows-repeated');
    const index = this.#index;
    const hidden = isHidden(tag);
    this.#index += repeat;
    this.facts.row(hidden, repeat, this.#width);
    if (this.#width === 0) return;
    if (this.#index > MAX_ROWS) throw tooLarge(`A worksheet has more than ${MAX_ROWS} rows.`);
    this.#cellCount += repeat * this.#cells.length;
    this.#characters += repeat * this.#rowCharacters;
    if (this.#cellCount > MAX_CELLS) throw tooLarge(`The workbook has more than ${MAX_CELLS} cells.`);
    if (this.#characters > MAX_CHARACTERS) throw tooLarge('The workbook holds more text than is read.');
    this.claimedRows = this.#index;
    this.#found.push({ index, repeat, cells: this.#cells, cut: this.#cut, hidden });
  }

  #closeCell(): void {
    const tag = this.#cell;
    this.#cell = undefined;
    if (tag === undefined || this.#row === undefined) return;
    const columns = tag.count('table:number-columns-repeated');
    const rows = this.#row.count('table:number-rows-repeated');
    const column = this.#column;
    this.#column += columns;
    this.#merge(tag, column);
    const text = this.#text.value;
    const { value, unit } = odsValue(tag, text, this.#styleOf(tag, column), this.#styles);
    if (value === null) {
      if (isUncalculated(tag, text)) this.facts.uncalculated(this.#index, column, columns * rows);
      return;
    }
    if (this.#column > MAX_COLUMNS) throw tooLarge(`A worksheet has more than ${MAX_COLUMNS} columns.`);
    if (unit !== null) this.facts.unit(unit, column, columns, rows);
    this.#add(value, column, columns);
  }

  #add(value: CellValue, column: number, columns: number): void {
    const cells = this.#cells;
    this.#cut ||= this.#width > 0 && column - this.#width >= this.#maxGap;
    this.#width = column + columns;
    if (this.#cut) return;
    while (cells.length < column) cells.push(null);
    for (let at = 0; at < columns; at++) cells.push(value);
    if (typeof value === 'string') this.#rowCharacters += columns * value.length;
  }

  #merge(tag: XmlTag, column: number): void {
    const columns = tag.count('table:number-columns-spanned');
    const rows = tag.count('table:number-rows-spanned');
    if (columns === 1 && rows === 1) return;
    const bottom = Math.min(this.#index + rows, MAX_ROWS) - 1;
    const right = Math.min(column + columns, MAX_COLUMNS) - 1;
    this.facts.merge({ top: this.#index, left: column, bottom, right });
  }

  #styleOf(tag: XmlTag, column: number): string | undefined {
    return (
      tag.attribute('table:style-name') ??
      this.#row?.attribute('table:default-cell-style-name') ??
      this.#columnStyles[column]
    );
  }
}
