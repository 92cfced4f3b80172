import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_COLUMNS, MAX_SHEET_NAME, MAX_SHEETS } from '../../limits.ts';
import type { RawXml } from '../ooxml/xml-text.ts';
import type { SheetFacts } from '../reader.ts';
import type { Namespaces } from './namespaces.ts';
import type { OdsStyles } from './styles.ts';
import { TableScanner } from './table-scanner.ts';
import { walkXml, type XmlSink, type XmlTag } from './xml-walk.ts';

/** A table of the workbook, and its XML from behind the opening tag on, packed: it is read as often as needed. */
export interface ContentTable {
  readonly name: string;
  readonly visible: boolean;
  readonly facts: SheetFacts;
  readonly claimedRows: number;
  readonly segments: readonly Buffer[];
}

// Tables that stand for sheets of other workbooks, whose values are kept for formulas: 'file:///a.ods'#$Sheet1.
const IS_ELSEWHERE = /^'.*'#\$/s;

// XML of spreadsheets packs ten times whatever the effort; the fastest costs less than unpacking it all again.
const LEVEL = 1;

/** The XML of a table in pieces, each of which ends with a tag. */
export function* tableXml({ segments }: ContentTable): Generator<RawXml> {
  for (const segment of segments) yield inflateRawSync(segment).toString('latin1');
}

/**
 * Looks through the content of a workbook once: its styles, then its tables, then what is said of them. Each
 * table is counted as it passes and put away for whoever wants its rows.
 */
export class ContentScanner implements XmlSink {
  readonly #styles: OdsStyles;
  readonly #namespaces: Namespaces;
  readonly #tables: (ContentTable & { readonly scanner: TableScanner })[] = [];
  #piece: RawXml = '';
  #isStyles = false;
  // Tables of values that came from other programs are no sheets.
  #isLinks = false;
  // The table being read: its tag, what counts it, and where it starts in this piece.
  #tag: XmlTag | undefined;
  #scanner: TableScanner | undefined;
  #start = 0;
  #segments: Buffer[] = [];
  #isText = false;

  constructor(styles: OdsStyles, namespaces: Namespaces) {
    this.#styles = styles;
    this.#namespaces = namespaces;
  }

  get wantsText(): boolean {
    return this.#scanner?.wantsText ?? (this.#isStyles && this.#styles.wantsText);
  }

  /** Looks through the next piece, which ends with a tag. Throws SpreadsheetFailure. */
  add(piece: RawXml): void {
    this.#piece = piece;
    this.#start = 0;
    walkXml(piece, this.#namespaces, this);
    if (this.#scanner !== undefined) this.#pack(piece.length);
    this.#scanner?.take();
  }

  /** The tables, in tab order, once everything was looked through. Throws SpreadsheetFailure. */
  finish(): readonly ContentTable[] {
    if (this.#scanner !== undefined) {
      throw unreadable('The file is damaged: the XML inside it ends in the middle of a sheet.');
    }
    if (this.#isText || this.#tables.length === 0) {
      throw unreadable('The file is an OpenDocument file, but there is no spreadsheet inside.');
    }
    return this.#tables.map((table) => ({ ...table, facts: table.scanner.facts.facts }));
  }

  text(text: string): void {
    if (this.#scanner !== undefined) this.#scanner.text(text);
    else this.#styles.text(text);
  }

  open(tag: XmlTag): void {
    const { name } = tag;
    if (this.#scanner !== undefined) this.#scanner.open(tag);
    else if (name === 'table:dde-links') this.#isLinks = !tag.empty;
    else if (this.#isLinks) return;
    else if (name === 'table:table') this.#openTable(tag);
    else if (name === 'office:automatic-styles' || name === 'office:styles') this.#isStyles = !tag.empty;
    else if (this.#isStyles) this.#styles.open(tag);
    else if (name === 'office:text' || name === 'office:presentation') this.#isText = true;
    else if (name === 'table:database-range') this.#filter(tag);
  }

  close(name: string, start: number): void {
    if (this.#scanner !== undefined) {
      if (name === 'table:table' && !this.#scanner.isAside) this.#closeTable(start);
      else this.#scanner.close(name);
    } else if (name === 'table:dde-links') this.#isLinks = false;
    else if (name === 'office:automatic-styles' || name === 'office:styles') this.#isStyles = false;
    else if (this.#isStyles) this.#styles.close(name);
  }

  #openTable(tag: XmlTag): void {
    if (this.#tables.length >= MAX_SHEETS) throw tooLarge(`The workbook has more than ${MAX_SHEETS} sheets.`);
    this.#tag = tag;
    this.#scanner = new TableScanner(this.#styles, MAX_COLUMNS);
    this.#start = tag.end;
    this.#segments = [];
    if (tag.empty) this.#closeTable(tag.end);
  }

  #closeTable(end: number): void {
    const { tag, scanner } = { tag: this.#tag, scanner: this.#scanner };
    if (tag === undefined || scanner === undefined) return;
    this.#pack(end);
    const name = tag.attribute('table:name') ?? `Sheet${this.#tables.length + 1}`;
    if (!IS_ELSEWHERE.test(name)) {
      this.#tables.push({
        name: name.slice(0, MAX_SHEET_NAME),
        visible: !this.#styles.isHiddenTable(tag.attribute('table:style-name')),
        facts: scanner.facts.facts,
        claimedRows: scanner.claimedRows,
        segments: this.#segments,
        scanner,
      });
    }
    this.#tag = undefined;
    this.#scanner = undefined;
  }

  #pack(end: number): void {
    const xml = this.#piece.slice(this.#start, Math.max(end, this.#start));
    if (xml !== '') this.#segments.push(deflateRawSync(Buffer.from(xml, 'latin1'), { level: LEVEL }));
  }

  /** A range of cells with buttons to filter them by; its address starts with the name of the sheet. */
  #filter(tag: XmlTag): void {
    if (tag.attribute('table:display-filter-buttons') !== 'true') return;
    const address = tag.attribute('table:target-range-address') ?? '';
    const [, quoted, bare] = /^\$?(?:'((?:[^']|'')*)'|([^.]*))\./.exec(address) ?? [];
    const name = quoted?.replaceAll("''", "'") ?? bare;
    const table = this.#tables.find((candidate) => candidate.name === name);
    if (table !== undefined) table.scanner.facts.filters++;
  }
}
