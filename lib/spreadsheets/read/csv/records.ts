import { tooLarge } from '../../failure.ts';
import { MAX_COLUMNS } from '../../limits.ts';
import type { CsvDialect } from '../reader.ts';
import { Ahead } from './ahead.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const BACKSLASH = 92;

// A quoted field that has not closed by then never will: longer texts than this are no cells.
const MAX_REPAIR_CHARACTERS = 1_000_000;
// Parts of a quoted field that are put together at a time: one by one they would take many times its room.
const PARTS_AT_A_TIME = 4096;

const NO_PARTS: string[] = [];
const LINE_END = /[\r\n]/g;

export interface RecordOptions {
  /**
   * Off: quotes are read the way Python's `csv` does. On: a quote that opens no field is a character like any
   * other, as it was meant by whoever wrote it into a name or a measure.
   */
  readonly repairs: boolean;
  /** Cells of most records, 0 where that is unknown; a record that spans lines and has another number is doubted. */
  readonly width?: number;
}

/** What was met on the way. */
export interface RecordTally {
  /** Quotes that stand where none may, taken as characters. */
  strayQuotes: number;
  /** Quoted fields that ran to the end of the file. */
  unclosedQuotes: number;
  crlf: number;
  lf: number;
  cr: number;
}

interface Parsed {
  readonly record: string[];
  /** Where the record's line end, or the end of the text, stands. */
  readonly end: number;
}

interface Field {
  readonly value: string;
  readonly end: number;
}

/**
 * Takes the text of a file piece by piece and gives its records. `\n`, `\r` and `\r\n` all end a record, mixed
 * as they may be; a blank line is a record without fields. Quotes are doubled inside quoted fields, or stand
 * behind a backslash where the dialect says so; text behind a closing quote belongs to the field, a quote
 * inside a bare field is itself, an open quote runs to the end.
 */
export class RecordReader {
  readonly tally: RecordTally = { strayQuotes: 0, unclosedQuotes: 0, crlf: 0, lf: 0, cr: 0 };
  readonly #dialect: CsvDialect;
  readonly #quote: number;
  readonly #backslash: boolean;
  readonly #repairs: boolean;
  readonly #width: number;
  readonly #spacesMayGo: boolean;
  #rest = '';
  /** Characters that there must be before a record that went on and on is looked at again. */
  #wanted = 0;
  readonly #closing: Ahead;
  readonly #opening: Ahead;
  readonly #lineEnd = new Ahead((text, from) => {
    LINE_END.lastIndex = from;
    return LINE_END.test(text) ? LINE_END.lastIndex - 1 : -1;
  });

  constructor(dialect: CsvDialect, { repairs, width = 0 }: RecordOptions) {
    this.#dialect = dialect;
    this.#quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
    this.#backslash = dialect.escape === '\\';
    this.#repairs = repairs;
    this.#width = width;
    this.#spacesMayGo = repairs && dialect.delimiter.trim() !== '';
    const quote = dialect.quote ?? '';
    this.#closing = new Ahead((text, from) => {
      let close = text.indexOf(quote, from);
      while (close >= 0 && !this.#mayEnd(text, close + 1)) close = text.indexOf(quote, close + 1);
      return close;
    });
    this.#opening = new Ahead((text, from) => text.indexOf(dialect.delimiter + quote, from));
  }

  /** The records that `piece` completes; with `last`, the one that the file ends with too. */
  *take(piece: string, last: boolean): Generator<string[]> {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    if (text.length < this.#wanted && !last) {
      this.#rest = text;
      return;
    }
    const { delimiter, quote } = this.#dialect;
    const { tally } = this;
    let at = 0;
    // Where the next of each stands, from `at` on; looked for again only when it was passed.
    let lf = -2;
    let cr = -2;
    let quoted = quote === null ? text.length : -2;
    const next = (known: number, character: string): number => {
      if (known >= at) return known;
      const found = text.indexOf(character, at);
      return found < 0 ? text.length : found;
    };
    while (at < text.length) {
      lf = next(lf, '\n');
      cr = next(cr, '\r');
      let end = lf < cr ? lf : cr;
      if (quote !== null) quoted = next(quoted, quote);
      let record: string[];
      if (quoted > end) {
        if (end === text.length && !last) break;
        record = end === at ? [] : text.slice(at, end).split(delimiter);
      } else {
        const parsed = this.#parse(text, at, last);
        if (parsed === undefined) break;
        ({ record, end } = parsed);
      }
      const isCr = text.charCodeAt(end) === CR;
      // Whether a line feed follows is in the next piece.
      if (isCr && end + 1 === text.length && !last) break;
      if (record.length > MAX_COLUMNS) throw tooLarge(`A row has more than ${MAX_COLUMNS} columns.`);
      yield record;
      if (end >= text.length) {
        at = end;
      } else if (!isCr) {
        tally.lf++;
        at = end + 1;
      } else if (text.charCodeAt(end + 1) === LF) {
        tally.crlf++;
        at = end + 2;
      } else {
        tally.cr++;
        at = end + 1;
      }
    }
    this.#rest = at === 0 ? text : text.slice(at);
    // A record is read from its beginning each time; twice as much text each time keeps that in proportion.
    this.#wanted = this.#rest.length * 2;
  }

  /** One record that has quotes; undefined where its end is not in the text yet. */
  #parse(text: string, start: number, last: boolean): Parsed | undefined {
    const { tally } = this;
    const { strayQuotes, unclosedQuotes } = tally;
    const width = this.#repairs && this.#width > 0 ? this.#width : Number.POSITIVE_INFINITY;
    const parsed = this.#fields(text, start, last, { widest: width });
    if (parsed === undefined) Object.assign(tally, { strayQuotes, unclosedQuotes });
    if (parsed === undefined || parsed.spanning < 0 || parsed.record.length === width) return parsed;
    if (width === Number.POSITIVE_INFINITY) return parsed;
    // A field that reaches over a line end although the record then has another width was not meant to.
    Object.assign(tally, { strayQuotes, unclosedQuotes });
    const bare = this.#fields(text, start, last, { widest: width, literal: parsed.spanning });
    if (bare !== undefined && bare.record.length === width) {
      tally.strayQuotes++;
      return bare;
    }
    Object.assign(tally, { strayQuotes, unclosedQuotes });
    const whole = this.#fields(text, start, last, {});
    if (whole === undefined) Object.assign(tally, { strayQuotes, unclosedQuotes });
    return whole;
  }

  /**
   * The fields of a record; the quote at `literal` opens none. `spanning`: where the first quoted field over
   * several lines begins. A record that spans lines is left off where it has more fields than `widest`: each of
   * its lines may be the beginning of such a one, and nobody takes it for a record.
   */
  #fields(
    text: string,
    start: number,
    last: boolean,
    { literal = -1, widest = Number.POSITIVE_INFINITY }: { literal?: number; widest?: number },
  ): (Parsed & { spanning: number }) | undefined {
    const { delimiter } = this.#dialect;
    const record: string[] = [];
    let spanning = -1;
    let at = start;
    for (;;) {
      let opens = at;
      if (this.#spacesMayGo) while (text.charCodeAt(opens) === SPACE) opens++;
      if (text.charCodeAt(opens) !== this.#quote || opens === literal) opens = -1;
      const field = opens < 0 ? this.#bare(text, at, last) : this.#quotedField(text, at, opens, last);
      if (field === undefined) return undefined;
      if (opens >= 0 && spanning < 0 && /[\r\n]/.test(field.value)) spanning = opens;
      record.push(field.value);
      at = field.end;
      if (at >= text.length) return last ? { record, end: text.length, spanning } : undefined;
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) return { record, end: at, spanning };
      if (record.length > widest && (spanning >= 0 || literal >= 0)) {
        return { record, end: at, spanning };
      }
      at += delimiter.length;
      if (record.length > MAX_COLUMNS) throw tooLarge(`A row has more than ${MAX_COLUMNS} columns.`);
    }
  }

  /** Where a field ends that nothing quotes. */
  #endOfBare(text: string, from: number): number {
    const { delimiter } = this.#dialect;
    const first = delimiter.charCodeAt(0);
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) break;
      if (code === first && (delimiter.length === 1 || text.startsWith(delimiter, at))) break;
    }
    return at;
  }

  #bare(text: string, from: number, last: boolean): Field | undefined {
    const end = this.#endOfBare(text, from);
    return end === text.length && !last ? undefined : { value: text.slice(from, end), end };
  }

  /** Whether a field may end here: at a delimiter or a line end, for the lenient with spaces before it. */
  #mayEnd(text: string, at: number): boolean {
    let stop = at;
    if (this.#spacesMayGo) {
      for (let code = text.charCodeAt(stop); code === SPACE || code === TAB; code = text.charCodeAt(++stop)) {
        if (text.startsWith(this.#dialect.delimiter, stop)) return true;
      }
    }
    if (stop >= text.length) return true;
    const code = text.charCodeAt(stop);
    return code === LF || code === CR || text.startsWith(this.#dialect.delimiter, stop);
  }

  #quotedField(text: string, start: number, opens: number, last: boolean): Field | undefined {
    const quote = this.#dialect.quote ?? '';
    let value = '';
    let parts: string[] = NO_PARTS;
    let at = opens + 1;
    for (;;) {
      const close = text.indexOf(quote, at);
      if (close < 0) {
        if (!last && text.length - opens <= MAX_REPAIR_CHARACTERS) return undefined;
        if (!last && !this.#repairs) return undefined;
        return this.#unclosed(text, start, opens, put(value, parts, text.slice(at)), last);
      }
      if (this.#backslash && escaped(text, at, close)) {
        ({ value, parts } = kept(value, parts, text.slice(at, close - 1), quote));
        at = close + 1;
        continue;
      }
      // What follows the quote tells what it is.
      if (close + 1 >= text.length && !last) return undefined;
      if (text.charCodeAt(close + 1) === this.#quote) {
        ({ value, parts } = kept(value, parts, text.slice(at, close), quote));
        at = close + 2;
        continue;
      }
      if (this.#mayEnd(text, close + 1))
        return { value: put(value, parts, text.slice(at, close)), end: this.#endOfBare(text, close + 1) };
      if (this.#repairs) return this.#repaired(text, start, opens, last);
      const end = this.#endOfBare(text, close + 1);
      if (end === text.length && !last) return undefined;
      return { value: put(value, parts, text.slice(at, close)) + text.slice(close + 1, end), end };
    }
  }

  #unclosed(text: string, start: number, opens: number, value: string, last: boolean): Field | undefined {
    if (!this.#repairs) {
      this.tally.unclosedQuotes++;
      return { value, end: text.length };
    }
    this.tally.strayQuotes++;
    return this.#bare(text, Math.min(start, opens), last);
  }

  /**
   * A field whose closing quote is followed by more. Either the quotes within it were meant as characters, and
   * it ends with the first quote that a delimiter follows; or its own quote was, and a later field is quoted.
   */
  #repaired(text: string, start: number, opens: number, last: boolean): Field | undefined {
    const quote = this.#dialect.quote ?? '';
    const { delimiter } = this.#dialect;
    this.tally.strayQuotes++;
    const close = this.#closing.next(text, opens + 1);
    if (close < 0 && !last && text.length - opens <= MAX_REPAIR_CHARACTERS) {
      this.tally.strayQuotes--;
      return undefined;
    }
    const within = (at: number, length: number): boolean => at >= 0 && at + length <= close;
    const another =
      within(this.#opening.next(text, opens + 1), delimiter.length + 1) ||
      within(this.#lineEnd.next(text, opens + 1), 1);
    if (close < 0 || another) return this.#bare(text, start, last);
    const inside = text.slice(opens + 1, close);
    return { value: inside.replaceAll(quote + quote, quote), end: this.#endOfBare(text, close + 1) };
  }
}

/** What is known of a field, with one more part of it. */
const put = (value: string, parts: readonly string[], part: string): string =>
  parts.length === 0 ? value + part : value + parts.join('') + part;

/** Keeps a part and the quote behind it; puts them together once there are many. */
function kept(
  value: string,
  parts: string[],
  part: string,
  quote: string,
): { value: string; parts: string[] } {
  const all = parts === NO_PARTS ? [] : parts;
  if (all.push(part, quote) < PARTS_AT_A_TIME) return { value, parts: all };
  return { value: put(value, all, ''), parts: NO_PARTS };
}

/** Whether an odd number of backslashes stands before the quote, so that it is one of the text. */
function escaped(text: string, from: number, quote: number): boolean {
  let at = quote;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}
