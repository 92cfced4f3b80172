import type { CellValue } from '../../cells.ts';
import { tooLarge, unreadable } from '../../failure.ts';
import type { ReadFinding, ReadFindingCode } from '../../findings.ts';
import { MAX_ROWS } from '../../limits.ts';
import {
  type CsvOptions,
  type CsvReading,
  cutRow,
  NO_FACTS,
  type Row,
  type RowBatch,
  type SourceSheet,
  type WorkbookReader,
} from '../reader.ts';
import { type Decoding, decoding } from './decoding.ts';
import { type DialectGuess, detectDialect } from './dialect.ts';
import { DOS_PAGES } from './dos-pages.ts';
import { detectEncoding, type EncodingGuess } from './encoding.ts';
import { RecordReader, type RecordTally } from './records.ts';

// Enough rows to make the pause between batches cheap, few enough to answer an abort at once.
const ROWS_PER_BATCH = 1000;
// Decoded at a time: what is held of a file beside its bytes, and long enough that few records are cut in two.
const PIECE_BYTES = 1024 * 1024;
// What a dialect is told from: a few hundred records of most files.
const DIALECT_BYTES = 256 * 1024;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How a text is read, and where its first record begins. */
export interface CsvPlan extends CsvReading {
  /** What the caller told is done as told; what was detected is read with lenience. */
  readonly repairs: boolean;
  readonly width: number;
  readonly markBytes: number;
  /** A first line `sep=;`, which spreadsheet programs obey and do not show. */
  readonly separatorLine: boolean;
  /** Lines that begin with `#` are remarks. */
  readonly comments: boolean;
  readonly findings: readonly ReadFinding[];
}

const finding = (
  code: ReadFindingCode,
  message: string,
  count: number | null = null,
  meta: ReadFinding['meta'] = null,
): ReadFinding => ({ code, message, at: null, count, meta });

/** A label that `TextDecoder` knows, as it spells it. Throws SpreadsheetFailure for any other. */
function knownEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    throw unreadable(
      `The encoding ${JSON.stringify(label)} is not known. Use utf-8, windows-1252, utf-16le or another name of the WHATWG Encoding Standard.`,
      cause,
    );
  }
}

const isKnown = (label: string): boolean => !(label in DOS_PAGES);

const MARKS: Readonly<Record<string, readonly number[]>> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
};

function toldEncoding(label: string, bytes: Uint8Array): EncodingGuess {
  const encoding = knownEncoding(label);
  const mark = MARKS[encoding] ?? [];
  const markBytes = mark.length > 0 && mark.every((byte, at) => bytes[at] === byte) ? mark.length : 0;
  return { encoding, confidence: 1, runnerUp: null, markBytes };
}

const SEPARATOR_LINE = /^"?sep=([^\r\n"\p{L}\p{N}]{1,4})"?(?:\r\n|\r|\n|$)/iu;

/** Fewer cells than a row of this file may lack by mistake. */
const isShort = (cells: readonly string[], width: number): boolean => cells.length < Math.max(2, width - 1);

/** Remarks: lines that begin with `#` among records of several cells, which have none of it. */
function hasComments(text: string, { dialect, width }: DialectGuess): boolean {
  if (width < 2) return false;
  const lines = text.split(/\r\n|\r|\n/).filter((line) => /^\s*#/.test(line));
  return lines.length > 0 && lines.every((line) => isShort(line.split(dialect.delimiter), width));
}

const named = (delimiter: string): string => (delimiter === '\t' ? 'a tab' : JSON.stringify(delimiter));

function doubts(encoding: EncodingGuess, guess: DialectGuess): ReadFinding[] {
  const found: ReadFinding[] = [];
  if (encoding.runnerUp !== null) {
    found.push(
      finding(
        'ambiguous_encoding',
        `The file was read as ${encoding.encoding}; it could also be ${encoding.runnerUp}. If letters look wrong, ${isKnown(encoding.runnerUp) ? 'say the encoding' : 'save the file again as UTF-8'}.`,
        null,
        { encoding: encoding.encoding, other: encoding.runnerUp },
      ),
    );
  }
  if (guess.runnerUp !== null) {
    const { delimiter } = guess.dialect;
    const other = guess.runnerUp.delimiter;
    found.push(
      finding(
        'ambiguous_delimiter',
        `The columns were parted at ${named(delimiter)}; they could also be parted at ${named(other)}. If columns look wrong, say the delimiter.`,
        null,
        { delimiter, other },
      ),
    );
  }
  return found;
}

/**
 * Decides how a text is read: as told, and detected where nothing was told. Looks at a bounded part of the
 * file. Throws SpreadsheetFailure for an encoding that nobody knows.
 */
export async function planCsv(bytes: Uint8Array, options: CsvOptions = {}): Promise<CsvPlan> {
  const encoding =
    options.encoding === undefined ? await detectEncoding(bytes) : toldEncoding(options.encoding, bytes);
  const { markBytes } = encoding;
  const sample = bytes.subarray(markBytes, markBytes + DIALECT_BYTES);
  const whole = markBytes + DIALECT_BYTES >= bytes.byteLength;
  const text = decoding(encoding.encoding).next(sample, whole);
  const told = options.delimiter === undefined ? SEPARATOR_LINE.exec(text) : null;
  const body = told === null ? text : text.slice(told[0].length);
  const strict = options.delimiter !== undefined;
  const guess = detectDialect(body, whole, {
    delimiter: options.delimiter ?? told?.[1],
    quote: options.quote === '' ? null : (options.quote ?? (strict ? '"' : undefined)),
    escape: options.escape ?? (strict ? options.quote || '"' : undefined),
  });
  return {
    encoding: encoding.encoding,
    dialect: guess.dialect,
    confidence: { encoding: encoding.confidence, dialect: guess.confidence },
    repairs: !strict,
    width: guess.width,
    markBytes,
    separatorLine: told !== null,
    comments: !strict && hasComments(body, guess),
    findings: doubts(encoding, guess),
  };
}

// What looks like a row is one, be there remarks at the beginning of the file or not.
const isComment = (record: readonly string[], width: number): boolean =>
  record[0]?.trimStart().startsWith('#') === true && isShort(record, width);

/** What one reading of a text met; complete once the last record was given. */
interface CsvProgress {
  tally: RecordTally;
  ragged: number;
  replaced: number;
}

/**
 * The records of a text with their places, blank lines and remarks as records without fields. Decodes a piece
 * at a time. With an encoding that was told, bytes that it cannot read throw SpreadsheetFailure.
 */
export function* csvRecords(
  bytes: Uint8Array,
  plan: CsvPlan,
  { fatal = false, progress }: { fatal?: boolean; progress?: CsvProgress } = {},
): Generator<string[]> {
  const decoder = decoding(plan.encoding, { fatal });
  const reader = new RecordReader(plan.dialect, { repairs: plan.repairs, width: plan.width });
  if (progress !== undefined) progress.tally = reader.tally;
  let first = plan.separatorLine;
  for (let at = plan.markBytes; at === plan.markBytes || at < bytes.byteLength; at += PIECE_BYTES) {
    const last = at + PIECE_BYTES >= bytes.byteLength;
    const piece = decoded(decoder, bytes.subarray(at, at + PIECE_BYTES), last, plan.encoding);
    if (progress !== undefined && piece.includes('\ufffd'))
      progress.replaced += piece.split('\ufffd').length - 1;
    for (const record of reader.take(piece, last)) {
      if (first || (plan.comments && isComment(record, plan.width))) {
        first = false;
        yield [];
        continue;
      }
      if (progress !== undefined && record.length > 1 && record.length !== plan.width) progress.ragged++;
      yield record;
    }
  }
}

function decoded(decoder: Decoding, piece: Uint8Array, last: boolean, encoding: string): string {
  try {
    return decoder.next(piece, last);
  } catch (cause) {
    throw unreadable(
      `The CSV file is not valid ${encoding === 'utf-8' ? 'UTF-8' : encoding}. Save it again with UTF-8 encoding, or name the encoding it has.`,
      cause,
    );
  }
}

function met({ tally, ragged, replaced }: CsvProgress, { width, encoding }: CsvPlan): ReadFinding[] {
  const { strayQuotes, unclosedQuotes } = tally;
  const found: ReadFinding[] = [];
  if (replaced > 0) {
    const message = `${replaced} characters could not be read as ${encoding} and were replaced. Save the file again as UTF-8.`;
    found.push(finding('undecodable_characters', message, replaced, { encoding }));
  }
  if (strayQuotes > 0) {
    const message = `${strayQuotes} quotes stand where no field begins or ends; they were kept as characters.`;
    found.push(finding('stray_quotes', message, strayQuotes));
  }
  if (unclosedQuotes > 0) {
    const message = 'A quoted field is never closed, so it runs to the end of the file. Close it.';
    found.push(finding('unclosed_quote', message, unclosedQuotes));
  }
  if (width > 1 && ragged > 0) {
    const message = `${ragged} rows have more or fewer cells than the ${width} of most rows. Look whether a delimiter is missing or too many.`;
    found.push(finding('ragged_rows', message, ragged, { width }));
  }
  const ends = [tally.crlf, tally.lf, tally.cr].filter((count) => count > 0).length;
  if (ends > 1) {
    const message = 'Line ends of several kinds are mixed; each of them ended a row.';
    found.push(finding('mixed_line_ends', message, null, { ...lineEnds(tally) }));
  }
  return found;
}

const lineEnds = ({ crlf, lf, cr }: RecordTally): Record<string, number> => ({ crlf, lf, cr });

const emptyTally = (): RecordTally => ({ strayQuotes: 0, unclosedQuotes: 0, crlf: 0, lf: 0, cr: 0 });

/** A text file as a workbook of one sheet, named after the file. Throws SpreadsheetFailure. */
export async function csvReader(
  sheetName: string,
  bytes: Uint8Array,
  options: CsvOptions = {},
): Promise<WorkbookReader> {
  const plan = await planCsv(bytes, options);
  // A byte that the told encoding cannot read is a wrong encoding, and nobody would see it in one cell of many.
  const fatal = options.encoding !== undefined;
  const sheet: SourceSheet = { name: sheetName, index: 0, visible: true, active: true };
  let progress: CsvProgress = { tally: emptyTally(), ragged: 0, replaced: 0 };

  async function* rows(_sheet: SourceSheet, maxGap: number): AsyncGenerator<RowBatch> {
    progress = { tally: emptyTally(), ragged: 0, replaced: 0 };
    let batch: Row[] = [];
    let index = 0;
    for (const record of csvRecords(bytes, plan, { fatal, progress })) {
      // A line without any field is a gap, so that blank lines at the end of the file are no rows.
      const fields = record.length;
      if (fields > 0) batch.push({ index, ...cutRow(cellsOf(record), maxGap), fields });
      index++;
      if (index > MAX_ROWS) throw tooLarge(`The CSV file has more than ${MAX_ROWS} rows.`);
      if (batch.length === ROWS_PER_BATCH) {
        yield { rows: batch, claimedRows: 0 };
        batch = [];
        await pause();
      }
    }
    yield { rows: batch, claimedRows: 0 };
  }

  return {
    format: 'csv',
    csv: { encoding: plan.encoding, dialect: plan.dialect, confidence: plan.confidence },
    sheets: [sheet],
    tabCount: 1,
    findings: () => [...plan.findings, ...met(progress, plan)],
    facts: async () => NO_FACTS,
    rows,
  };
}

/** The fields of a record as cells, in place: an empty field is an empty cell. */
function cellsOf(record: string[]): CellValue[] {
  const cells: CellValue[] = record;
  for (let column = 0; column < cells.length; column++) if (cells[column] === '') cells[column] = null;
  return cells;
}
