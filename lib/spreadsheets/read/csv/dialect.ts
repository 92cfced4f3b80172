import { SpreadsheetFailure } from '../../failure.ts';
import { MAX_COLUMNS } from '../../limits.ts';
import type { CsvDialect } from '../reader.ts';
import { RecordReader } from './records.ts';

/** A dialect, and how sure it is. */
export interface DialectGuess {
  readonly dialect: CsvDialect;
  /** Cells of most records; 1 where nothing is delimited. */
  readonly width: number;
  /** 0 to 1: 1 where no other dialect explains the text at all, 0 where another does so as well. */
  readonly confidence: number;
  /** The next best one with another delimiter, if there is any that makes columns. */
  readonly runnerUp: CsvDialect | null;
}

/** What is told of a dialect; the rest is detected. */
export interface DialectHints {
  readonly delimiter?: string | undefined;
  /** Null: nothing is quoted. */
  readonly quote?: string | null | undefined;
  readonly escape?: string | undefined;
}

// The commonest first: of two that explain a text equally well the earlier one is taken.
// The last but one are what databases write for want of a sign that no value has.
const DELIMITERS = [',', ';', '\t', '|', '^', '~', '\x01', '\x1f', ' '];
// Enough records to see a pattern, few enough that thirty dialects are tried in a moment.
const RECORDS = 400;
// Two or more signs in a row that are no words, quotes, signs or points of numbers may be one delimiter.
const SEVERAL = /[^\p{L}\p{N}\p{M}\s"'.,\-+_()/\\@%$€£#&=<>[\]{}]{2,4}/gu;
// Each is tried on the whole text, and a text without line ends may have thousands.
const MAX_SEVERAL = 8;
// A few commas without a space stand inside values, such as numbers.
const UNSPACED_SHARE = 0.02;
// How much of the best score the next one may reach before somebody should look.
const AMBIGUOUS_SHARE = 0.9;

const NUMBER = /^[-+(]?\s?[$€£¥₹]?\s?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})*(?:[.,]\d+)?\s?[%€$£¥]?\)?$/;
const PLAIN_NUMBER = /^[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?\s?%?$/i;
const DATE =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?)?$/;
const TIME = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?$/i;
const ADDRESS = /^(?:[^\s@,;|]+@[^\s@,;|]+|https?:\/\/[^\s,;|]+)$/i;
const CODE = /^[\p{L}\p{N}]+(?:[-_./:#][\p{L}\p{N}]+)*$/u;
const WORDS = /^[\p{L}\p{N}\p{M}][\p{L}\p{N}\p{M}\s.'’()/&+\-_:#°%!?*$€£@"]*$/u;

// A cell's likelihood of being one whole value, from its look. A sentence may hold any sign; a cell that holds
// another dialect's delimiter is likely two.
const VALUE = 1;
const TEXT = 0.9;
const SENTENCE = 0.5;
const ODD = 0.1;

function likelihood(cell: string): { share: number; typed: boolean } {
  const text = cell.trim();
  if (text === '') return { share: VALUE, typed: false };
  if (
    PLAIN_NUMBER.test(text) ||
    NUMBER.test(text) ||
    DATE.test(text) ||
    TIME.test(text) ||
    ADDRESS.test(text)
  )
    return { share: VALUE, typed: true };
  if (CODE.test(text)) return { share: VALUE, typed: false };
  if (WORDS.test(text)) return { share: TEXT, typed: false };
  if (/[;|\t^~\x01\x1f]|,\S/.test(text)) return { share: ODD, typed: false };
  return { share: SENTENCE, typed: false };
}

interface Trial {
  readonly dialect: CsvDialect;
  readonly score: number;
  readonly width: number;
  readonly records: readonly (readonly string[])[];
}

/** How well a dialect explains the text: how even its records are, and how much its cells look like values. */
function tried(dialect: CsvDialect, text: string, whole: boolean): Trial {
  const reader = new RecordReader(dialect, { repairs: true });
  const records: string[][] = [];
  try {
    for (const record of reader.take(text, whole)) {
      if (record.length > 0) records.push(record);
      if (records.length >= RECORDS) break;
    }
  } catch (error) {
    // Records that are too long for a sheet are told of when the file is read, if it is read this way.
    if (!(error instanceof SpreadsheetFailure)) throw error;
    return { dialect, score: 0, width: MAX_COLUMNS, records };
  }
  const widths = new Map<number, number>();
  let cells = 0;
  let shares = 0;
  let typed = 0;
  for (const record of records) {
    widths.set(record.length, (widths.get(record.length) ?? 0) + 1);
    for (const cell of record) {
      const { share, typed: isTyped } = likelihood(cell);
      cells++;
      shares += share;
      if (isTyped) typed++;
    }
  }
  let evenness = 0;
  let width = 1;
  let most = 0;
  for (const [count, rows] of widths) {
    const share = rows / records.length;
    // One column explains any text; it counts only where nothing else explains it at all.
    evenness += share * share * (count === 1 ? 0.01 : (count - 1) / count);
    if (rows > most || (rows === most && count > width)) {
      most = rows;
      width = count;
    }
  }
  // Words are parted by spaces in every text: columns are, only where they hold values.
  const parts = dialect.delimiter === ' ' ? Math.min(1, (3 * typed) / Math.max(1, cells)) * 0.8 : 1;
  // Each quote out of place speaks against the kind of quote that was assumed.
  const astray = 1 / (1 + reader.tally.strayQuotes / Math.max(1, records.length));
  const score = cells === 0 ? 0 : evenness * (shares / cells) * parts * astray;
  return { dialect, score, width, records };
}

/** Signs of several characters that stand in most lines of a text. */
function severalCharacters(text: string): string[] {
  const lines = Math.max(1, text.split(/\r\n|\r|\n/).length - 1);
  const counts = new Map<string, number>();
  for (const [sign] of text.matchAll(SEVERAL)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= lines * 0.8)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_SEVERAL)
    .map(([sign]) => sign);
}

function dialectsOf(text: string, hints: DialectHints): CsvDialect[] {
  const delimiters =
    hints.delimiter === undefined
      ? [...DELIMITERS.filter((sign) => text.includes(sign)), ...severalCharacters(text)]
      : [hints.delimiter];
  if (delimiters.length === 0) delimiters.push(',');
  const quotes = hints.quote === undefined ? ['"', ...(opensFields(text, "'") ? ["'"] : [])] : [hints.quote];
  return delimiters.flatMap((delimiter) =>
    quotes.flatMap((quote): CsvDialect[] => {
      if (quote === null) return [{ delimiter, quote, escape: null }];
      if (hints.escape !== undefined) return [{ delimiter, quote, escape: hints.escape }];
      const doubled = { delimiter, quote, escape: quote };
      return text.includes(`\\${quote}`) ? [doubled, { delimiter, quote, escape: '\\' }] : [doubled];
    }),
  );
}

/** Whether fields begin and end with this sign: an apostrophe inside a word makes no quote. */
function opensFields(text: string, sign: string): boolean {
  const opens = new RegExp(`(?:^|[,;|\\t^~ :])${sign}`);
  const closes = new RegExp(`${sign}(?:$|[,;|\\t^~ :])`);
  let closed = false;
  let opened = false;
  for (const line of text.split(/[\r\n]/)) {
    closed ||= closes.test(line);
    const first: number = opened ? -1 : line.search(opens);
    opened ||= first >= 0 && line.indexOf(sign, line.indexOf(sign, first) + 1) >= 0;
    if (opened && closed) return true;
  }
  return false;
}

/** `, ` where a space follows every comma, and so for other signs: the space is no part of a value. */
function widened({ dialect }: Trial, text: string, whole: boolean): Trial | undefined {
  const { delimiter } = dialect;
  if (delimiter.trim() === '') return undefined;
  let spaced = 0;
  let others = 0;
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + delimiter.length)) {
    const next = text[at + delimiter.length] ?? '\n';
    // Behind the last field there is no space, and the delimiter would stay in it.
    if (next === '\n' || next === '\r') return undefined;
    if (next === ' ') spaced++;
    else others++;
  }
  if (spaced === 0 || others > spaced * UNSPACED_SHARE) return undefined;
  return tried({ ...dialect, delimiter: `${delimiter} ` }, text, whole);
}

const occurrences = (text: string, sign: string): number => text.split(sign).length - 1;

/** `||` where no `|` stands alone: the empty column between the two is none. */
function longer({ dialect }: Trial, trials: readonly Trial[], text: string): Trial | undefined {
  const { delimiter } = dialect;
  const all = occurrences(text, delimiter);
  return trials.find(({ dialect: { delimiter: other }, width }) => {
    const within = occurrences(other, delimiter);
    return width > 1 && within > 1 && occurrences(text, other) * within === all;
  });
}

/** Whether two records at least have the same columns, unless they are sentences: a comma and a space make none. */
function hasColumns({ records, dialect }: Trial, text: string): boolean {
  if (dialect.delimiter !== ',' || /,[^\s]/.test(text)) return true;
  const widths = new Map<number, number>();
  for (const { length } of records) if (length > 1) widths.set(length, (widths.get(length) ?? 0) + 1);
  return Math.max(0, ...widths.values()) >= Math.min(2, records.length);
}

/** A delimiter for a text of one column: one that it does not have. */
const unused = (text: string): string => [',', ';', '\t'].find((sign) => !text.includes(sign)) ?? '|';

const AMOUNT =
  /^\(?(?:[-+]|[$€£¥₹]|[A-Z]{3})?\s?[-+]?(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+)(?:[.,]\d+)?(?:\s?(?:[%‰€$£¥₹]|[A-Z]{3}))?\)?$/;

/**
 * One column whose values hold the delimiter: the first line names it and has none, and each line below it is
 * one amount (`1,50`, `$1,234.00`), words parted by a comma and a space (`Smith, John`), or figures parted by
 * spaces (`2024-01-01 10:00`): two columns would have two names.
 */
function isOneColumn({ dialect: { delimiter }, records }: Trial): boolean {
  const [first, ...others] = records.filter((record) => record.length > 0);
  if (first === undefined || first.length > 1 || others.length === 0) return false;
  // A title stands apart from the table below it, or above its heading.
  if (records[records.indexOf(first) + 1]?.length === 0) return false;
  if (delimiter === ' ') return others.every(isPlain);
  if (delimiter !== ',') return false;
  return (
    others.every((record) => AMOUNT.test(record.join(delimiter).trim())) ||
    others.every((record) => record.every((cell, at) => (at === 0 || cell.startsWith(' ')) && isWords(cell)))
  );
}

const isWords = (cell: string): boolean => cell.trim() !== '' && !likelihood(cell).typed;

/** Whether a record's cells hold no word that could be a heading's: `2024-01-01 10:00`, `+1 555 1234`. */
const isPlain = (record: readonly string[]): boolean => record.every((cell) => /^[^\p{L}]*$/u.test(cell));

/**
 * Finds delimiter, quote and escape of a text from its first part; `whole` says that there is no other. The
 * measure is that of van den Burg, Nazábal and Sutton ("Wrangling messy CSV files by detecting row and type
 * patterns", 2019): even records, times cells that look like values.
 */
export function detectDialect(text: string, whole: boolean, hints: DialectHints = {}): DialectGuess {
  const trials = dialectsOf(text, hints).map((dialect) => tried(dialect, text, whole));
  // The sort is stable, so of equals the commoner stays first.
  trials.sort((a, b) => b.score - a.score);
  let [best] = trials;
  const quote = hints.quote === undefined ? '"' : hints.quote;
  const usual: CsvDialect = { delimiter: hints.delimiter ?? ',', quote, escape: hints.escape ?? quote };
  if (best?.width === MAX_COLUMNS) return { dialect: best.dialect, width: 0, confidence: 1, runnerUp: null };
  if (best === undefined || best.score === 0 || !hasColumns(best, text) || isOneColumn(best)) {
    const dialect =
      hints.delimiter === undefined ? { ...usual, delimiter: unused(text) } : (best?.dialect ?? usual);
    return { dialect, width: 1, confidence: 1, runnerUp: null };
  }
  const rival = trials.find(
    ({ dialect, width }) => dialect.delimiter !== best?.dialect.delimiter && width > 1,
  );
  if (hints.delimiter === undefined) best = longer(best, trials, text) ?? widened(best, text, whole) ?? best;
  const share = rival === undefined || best.score === 0 ? 0 : Math.min(1, rival.score / best.score);
  return {
    dialect: best.dialect,
    width: best.width,
    confidence: Math.round((1 - share) * 100) / 100,
    runnerUp: share > AMBIGUOUS_SHARE ? (rival?.dialect ?? null) : null,
  };
}
