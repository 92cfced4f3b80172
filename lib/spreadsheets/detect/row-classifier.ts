import { isBlank } from '../cells.ts';
import { plainText } from '../words/plain-text.ts';
import { wordsIn } from '../words/words.ts';
import type { Cells } from './row-scan.ts';

export type RowKind = 'header' | 'data';

export interface RowScores {
  readonly data: number;
  readonly header: number;
}

/** How two detectors see a row; the larger sum decides, and a tie is data. */
export interface RowVerdict {
  readonly kind: RowKind;
  readonly total: RowScores;
  readonly detectors: readonly { readonly name: string; readonly scores: Partial<RowScores> }[];
}

// Weights of the data detector: how full the row is, and how many of its values look like numbers.
const DENSITY_WEIGHT = 0.5;
const NUMBERS_WEIGHT = 0.5;
const DATA_AGAINST_HEADER = 0.2;
// Weights of the header detector: four known words make up the first part, texts only the second.
const HITS_FOR_ALL = 4;
const HITS_WEIGHT = 0.6;
const TEXTS_WEIGHT = 0.4;
const HEADER_AGAINST_DATA = 0.3;
const NO_TEXT_IS_DATA = 0.2;

const ASCII_DIGIT = /[0-9]/;
const NOT_ASCII = /[^\x00-\x7f]/;
const OTHER_DIGIT = /[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468]/u;

const hasDigit = (text: string): boolean =>
  ASCII_DIGIT.test(text) || (NOT_ASCII.test(text) && OTHER_DIGIT.test(text));

interface Tally {
  filled: number;
  numbers: number;
  texts: number;
}

function tally(cells: Cells): Tally {
  let filled = 0;
  let numbers = 0;
  let texts = 0;
  for (const cell of cells) {
    if (cell === null) continue;
    if (typeof cell === 'string') {
      if (isBlank(cell)) continue;
      texts++;
      if (hasDigit(cell)) numbers++;
    } else if (typeof cell !== 'object' || cell.kind === 'shown') numbers++;
    filled++;
  }
  return { filled, numbers, texts };
}

/** Tells header rows from data rows by their density, their numbers and the header words they use. */
export class RowClassifier {
  readonly #tokens: ReadonlySet<string>;

  // Finds nearly every text without a known word, at a fraction of the cost of taking it apart.
  readonly #anyToken: RegExp;
  // Of texts in plain form, which are lower-case: looking for either case takes several times as long.
  readonly #anyPlainToken: RegExp;

  constructor(headerTokens: readonly string[]) {
    this.#tokens = new Set(headerTokens.map(plainText));
    const anyToken = [...this.#tokens].join('|') || '$^';
    this.#anyToken = new RegExp(anyToken, 'i');
    this.#anyPlainToken = new RegExp(anyToken);
  }

  /** The row's kind. */
  kindOf(cells: Cells): RowKind {
    if (cells.length === 0) return 'data';
    const counts = tally(cells);
    if (counts.texts === 0) return 'data';
    const header = headerScore(cells, counts, this.#hits(cells));
    return headerWins(dataScore(cells, counts), header) ? 'header' : 'data';
  }

  /** The same verdict with every score, for the log. */
  explain(cells: Cells): RowVerdict {
    const counts = tally(cells);
    const data = cells.length === 0 ? 0 : dataScore(cells, counts);
    const textless = cells.length === 0 ? { header: 0 } : { header: 0, data: NO_TEXT_IS_DATA };
    const header = counts.texts === 0 ? 0 : headerScore(cells, counts, this.#hits(cells));
    const byData = cells.length === 0 ? { data } : { data, header: -data * DATA_AGAINST_HEADER };
    const byHeader = counts.texts === 0 ? textless : { header, data: -header * HEADER_AGAINST_DATA };
    const total = {
      data: data + ('data' in byHeader ? byHeader.data : 0),
      header: ('header' in byData ? byData.header : 0) + byHeader.header,
    };
    return {
      kind: total.header > total.data ? 'header' : 'data',
      total,
      detectors: [
        { name: 'row_detectors.data', scores: byData },
        { name: 'row_detectors.header', scores: byHeader },
      ],
    };
  }

  #hits(cells: Cells): number {
    const hits = new Set<string>();
    for (const cell of cells) {
      // An address such as name@email.com is data, whatever words it is made of.
      if (typeof cell !== 'string') continue;
      const isAscii = !NOT_ASCII.test(cell);
      const plain = isAscii ? cell : plainText(cell);
      if (!(isAscii ? this.#anyToken : this.#anyPlainToken).test(plain) || cell.includes('@')) continue;
      for (const word of wordsIn(plain.toLowerCase())) {
        if (this.#tokens.has(word)) hits.add(word);
      }
    }
    return hits.size;
  }
}

function dataScore(cells: Cells, { filled, numbers }: Tally): number {
  const density = filled / cells.length;
  return Math.min(1, density * DENSITY_WEIGHT + (numbers / Math.max(filled, 1)) * NUMBERS_WEIGHT);
}

function headerScore(cells: Cells, { texts }: Tally, hits: number): number {
  return Math.min(1, (hits / HITS_FOR_ALL) * HITS_WEIGHT + (texts / cells.length) * TEXTS_WEIGHT);
}

function headerWins(data: number, header: number): boolean {
  return -data * DATA_AGAINST_HEADER + header > data + -header * HEADER_AGAINST_DATA;
}
