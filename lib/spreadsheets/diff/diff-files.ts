import { bytesOf, diffSheets, ListBudget, type SheetDiff } from './diff-sheets.ts';
import { type ComparedFile, type TextBook, textBook } from './text-book.ts';

export interface DiffedFiles {
  sheets: SheetDiff[];
}

/** A sheet by its place in each file. */
interface SheetPair {
  readonly name: string;
  readonly inA: number | undefined;
  readonly inB: number | undefined;
}

const EMPTY_BOOK: TextBook = {
  sheets: [],
  rows: () => {
    throw new RangeError('There is no sheet');
  },
};

/**
 * How file b differs from file a, or from nothing, sheet by sheet: those of b in their order, then those that only a has. Memory
 * grows with the cells of the largest sheet, eight bytes each. Throws SpreadsheetFailure, and the signal's reason.
 */
export async function diffFiles(
  a: ComparedFile | undefined,
  b: ComparedFile,
  signal: AbortSignal,
): Promise<DiffedFiles> {
  const bookA = a === undefined ? EMPTY_BOOK : await textBook(a);
  const bookB = await textBook(b);
  const budget = new ListBudget();
  const sheets: SheetDiff[] = [];
  const pairs = pairSheets(bookA, bookB);
  for (const { name } of pairs) budget.bytes -= bytesOf(name);
  for (const { name, inA, inB } of pairs) {
    const [sheetA, sheetB] = [
      { book: bookA, sheet: inA },
      { book: bookB, sheet: inB },
    ];
    sheets.push(await diffSheets(name, sheetA, sheetB, budget, signal));
  }
  return { sheets };
}

/** By name; the only sheets of two files are one, whatever they are called. */
function pairSheets(a: TextBook, b: TextBook): SheetPair[] {
  const [onlyA, onlyB] = [a.sheets.length === 1, b.sheets.length === 1];
  if (onlyA && onlyB) return [{ name: b.sheets[0] ?? '', inA: 0, inB: 0 }];
  const placesA = new Map(a.sheets.map((name, at) => [name, at]));
  const namesB = new Set(b.sheets);
  const gone = a.sheets.flatMap((name, at) => (namesB.has(name) ? [] : [{ name, inA: at, inB: undefined }]));
  return [...b.sheets.map((name, at) => ({ name, inA: placesA.get(name), inB: at })), ...gone];
}
