import { unreadable } from '../../failure.ts';
import { type BiffRecord, packed, RECORD, records } from './records.ts';
import { SheetRecords } from './sheet-records.ts';

/** A tab of an .xls workbook, found by the records of its stream. */
export interface BiffTab {
  /** The bytes of its name, and whether they are UTF-16; else they are in the workbook's code page. */
  readonly name: Buffer;
  readonly isWide: boolean;
  readonly visible: boolean;
  /** Null where there are no cells: charts, modules, dialogs, and what the file has lost. */
  readonly records: SheetRecords | null;
  /** The file names the tab and does not hold it. */
  readonly isMissing: boolean;
}

export interface BiffBook {
  readonly tabs: readonly BiffTab[];
  readonly activeTab: number;
  /** Of the texts of BIFF5; the texts of BIFF8 are Unicode. */
  readonly codePage: number | null;
  /** What the file names, where nobody knows such a code page. */
  readonly unknownCodePage: number | null;
  /**
   * The workbook again, in the order of its tabs and with nothing but values and their formats. Its sheets are
   * named by their tabs, counted from 0.
   */
  readonly stream: Buffer;
}

const WORKSHEET = 0x10;
const BIFF5 = 0x500;
const BIFF8 = 0x600;
const GLOBALS = new Set<number>([RECORD.DATE_1904, RECORD.XF, RECORD.FORMAT, RECORD.STRINGS]);

const isBof = ({ id, body }: BiffRecord): boolean =>
  id === RECORD.BOF && body.byteLength >= 4 && [BIFF5, BIFF8].includes(body.readUInt16LE(0));

interface BoundSheet {
  readonly at: number;
  readonly hidden: number;
  readonly kind: number;
  readonly name: Buffer;
  readonly isWide: boolean;
}

// What a tab may be, besides a worksheet.
const CHART = 2;
const MODULE = 6;

function boundSheet(body: Buffer, isBiff8: boolean): BoundSheet | null {
  if (body.byteLength < 8) return null;
  const isWide = isBiff8 && (body.readUInt8(7) & 1) === 1;
  const start = isBiff8 ? 8 : 7;
  const length = body.readUInt8(6) * (isWide ? 2 : 1);
  return {
    at: body.readUInt32LE(0),
    hidden: body.readUInt8(4) & 3,
    kind: body.readUInt8(5),
    name: body.subarray(start, start + length),
    isWide: isBiff8 ? isWide : false,
  };
}

/** The places of a workbook's sheets in its stream, whatever stands between them. */
function substreams(stream: Buffer, from: number): number[] {
  const places: number[] = [];
  let depth = 0;
  let at = from;
  while (at < stream.byteLength) {
    let end = at;
    for (const record of records(stream, at)) {
      if (depth === 0 && !isBof(record)) break;
      if (isBof(record) && depth++ === 0) places.push(record.at);
      if (record.id === RECORD.EOF) depth--;
      end = record.next;
    }
    // Filling, or a stray record: the next sheet starts where one can start.
    at = nextStart(stream, Math.max(end, at + 1));
    depth = 0;
  }
  return places;
}

const BOF_BYTES = Buffer.from([0x09, 0x08]);

/** Where a sheet may start next; the end of the stream if nowhere. */
function nextStart(stream: Buffer, from: number): number {
  for (let at = stream.indexOf(BOF_BYTES, from); at >= 0; at = stream.indexOf(BOF_BYTES, at + 1)) {
    const [record] = records(stream, at);
    if (record !== undefined && isBof(record)) return at;
  }
  return stream.byteLength;
}

/**
 * Looks through the stream of a BIFF5 or BIFF8 workbook: which tabs there are, and what of their records says
 * values. A code page that nobody knows is taken for that of western Windows. Throws SpreadsheetFailure; null if the stream is of an earlier version, which has no tabs.
 */
export function biffBook(stream: Buffer, isKnownCodePage: (codePage: number) => boolean): BiffBook | null {
  const [first] = records(stream, 0);
  if (first === undefined || !isBof(first)) return null;
  const isBiff8 = first.body.readUInt16LE(0) === BIFF8;
  const globals = globalsOf(stream, isBiff8);
  const places = substreams(stream, globals.end);
  const claimed = new Set(globals.sheets.map(({ at }) => at).filter((at) => places.includes(at)));
  const left = places.filter((place) => !claimed.has(place));
  // A tab that names no sheet's place, or that of a tab before it, is the next that nobody names.
  const tabs = globals.sheets.map((sheet): BiffTab => {
    const place = claimed.delete(sheet.at) ? sheet.at : left.shift();
    const found = place === undefined ? null : new SheetRecords(stream, place, isBiff8);
    const { name, isWide, hidden } = sheet;
    const cells = isWorksheet(sheet, found) ? found : null;
    return { name, isWide, visible: hidden === 0, records: cells, isMissing: found === null };
  });
  const said = isBiff8 ? null : (SAME[globals.codePage] ?? globals.codePage);
  const isUnknown = said !== null && !isKnownCodePage(said);
  const codePage = isUnknown ? WESTERN : said;
  return {
    tabs,
    activeTab: globals.activeTab,
    codePage,
    unknownCodePage: isUnknown ? said : null,
    stream: rebuilt(
      codePage === null ? globals.kept : [codePageRecord(codePage), ...globals.kept],
      first.body,
      tabs,
    ),
  };
}

/** A sheet is one by its entry or by itself; a dialog calls itself one, but has no cells. */
function isWorksheet({ kind }: BoundSheet, found: SheetRecords | null): boolean {
  if (found === null || kind === MODULE || found.isChart) return false;
  if (kind !== 0 && found.type !== WORKSHEET) return false;
  return found.hasCells || !(found.isDialog || kind === CHART);
}

const WESTERN = 1252;
// Other names: those of old workbooks for the code pages of their machines, the Macintosh's for those that
// Windows has too, ASCII; and UTF-16, which the texts of this version never are, whatever some programs say.
const SAME: Readonly<Record<number, number>> = {
  367: WESTERN,
  1200: WESTERN,
  10001: 932,
  10002: 950,
  10003: 949,
  32768: 10000,
  32769: WESTERN,
};

function codePageRecord(codePage: number): Buffer {
  const body = Buffer.alloc(2);
  body.writeUInt16LE(codePage, 0);
  return packed(RECORD.CODE_PAGE, body);
}

interface Globals {
  readonly sheets: readonly BoundSheet[];
  readonly kept: readonly Buffer[];
  readonly activeTab: number;
  readonly codePage: number;
  readonly end: number;
}

function globalsOf(stream: Buffer, isBiff8: boolean): Globals {
  const sheets: BoundSheet[] = [];
  const kept: Buffer[] = [];
  let activeTab = 0;
  let codePage = WESTERN;
  let end = stream.byteLength;
  let goesOn = false;
  for (const { id, body, at, next } of records(stream, 0)) {
    if (id === RECORD.FILE_PASS) {
      throw unreadable('The file is password protected. Remove the password and try again.');
    }
    if (id === RECORD.BOUND_SHEET) {
      const sheet = boundSheet(body, isBiff8);
      if (sheet !== null) sheets.push(sheet);
    } else if (id === RECORD.CODE_PAGE && body.byteLength >= 2) codePage = body.readUInt16LE(0);
    else if (id === RECORD.WINDOW && body.byteLength >= 12) activeTab = body.readUInt16LE(10);
    goesOn = id === RECORD.CONTINUE ? goesOn : GLOBALS.has(id);
    if (goesOn) kept.push(stream.subarray(at, next));
    if (id !== RECORD.EOF) continue;
    end = next;
    break;
  }
  return { sheets, kept, activeTab, codePage, end };
}

function rebuilt(globals: readonly Buffer[], bof: Buffer, tabs: readonly BiffTab[]): Buffer {
  const isBiff8 = bof.readUInt16LE(0) === BIFF8;
  const eof = packed(RECORD.EOF, Buffer.alloc(0));
  const entries = tabs.map((_, index) => {
    const name = Buffer.from(String(index), 'latin1');
    const head = Buffer.alloc(isBiff8 ? 8 : 7);
    head.writeUInt8(name.byteLength, 6);
    return packed(RECORD.BOUND_SHEET, Buffer.concat([head, name]));
  });
  const start = [packed(RECORD.BOF, bof), ...globals];
  const before = [...start, ...entries, eof].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const sheetBof = Buffer.from(bof);
  sheetBof.writeUInt16LE(WORKSHEET, 2);
  let at = before;
  const sheets = tabs.map(({ records: found }, index) => {
    entries[index]?.writeUInt32LE(at, 4);
    const sheet = Buffer.concat([packed(RECORD.BOF, sheetBof), ...(found?.kept ?? []), eof]);
    at += sheet.byteLength;
    return sheet;
  });
  return Buffer.concat([...start, ...entries, eof, ...sheets]);
}
