import { MAX_COLUMNS } from '../../limits.ts';
import type { CellRange, SheetFacts } from '../reader.ts';
import { attribute, closedParts, type RawXml, rawXmlOf, rootPrefix, tags } from './xml-text.ts';

const REFERENCE = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i;
const LETTERS = 26;
const BEFORE_A = 64;

export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** A 0-based place by its name, `B3`; null if it names none. */
function place(reference: string): { row: number; column: number } | null {
  const match = REFERENCE.exec(reference.trim());
  if (match === null) return null;
  const letters = (match[1] ?? '').toUpperCase();
  const column = [...letters].reduce((sum, letter) => sum * LETTERS + letter.charCodeAt(0) - BEFORE_A, 0);
  return { row: Number(match[2]) - 1, column: column - 1 };
}

/** The cells of a range such as `A1:B2`, whichever corners it names; null if it is none. */
function cellRange(reference: string): CellRange | null {
  const [first = '', second = first] = reference.split(':');
  const [from, to] = [place(first), place(second)];
  if (from === null || to === null) return null;
  return {
    top: Math.min(from.row, to.row),
    left: Math.min(from.column, to.column),
    bottom: Math.max(from.row, to.row),
    right: Math.max(from.column, to.column),
  };
}

/** What stands above a sheet's rows: the columns that are not shown, among the first `width` of them. */
export function hiddenColumns(head: RawXml, width: number): number[] {
  // Where hidden ranges begin and end, so that ranges that overlap cost no more than those that do not.
  const changes = new Int32Array(MAX_COLUMNS + 1);
  for (const tag of tags(head, 'col')) {
    if (!isTrue(attribute(tag, 'hidden'))) continue;
    const [first, last] = [Number(attribute(tag, 'min')), Number(attribute(tag, 'max'))];
    if (!(first >= 1 && first <= last && first <= MAX_COLUMNS)) continue;
    changes[first - 1] = (changes[first - 1] ?? 0) + 1;
    const end = Math.min(last, MAX_COLUMNS);
    changes[end] = (changes[end] ?? 0) - 1;
  }
  const hidden: number[] = [];
  let ranges = 0;
  for (let column = 0; column < width; column++) {
    ranges += changes[column] ?? 0;
    if (ranges > 0) hidden.push(column);
  }
  return hidden;
}

/** Views that people keep for themselves repeat what the sheet says. */
function withoutViews(tail: RawXml): RawXml {
  const open = /<((?:[\w.-]+:)?)customSheetViews(?=[\s>])/.exec(tail);
  const close = open === null ? -1 : tail.indexOf(`</${open[1]}customSheetViews`, open.index);
  return open === null || close < 0 ? tail : tail.slice(0, open.index) + tail.slice(close);
}

/** What stands below a sheet's rows: merged cells and filters. */
export function belowRows(tail: RawXml): Pick<SheetFacts, 'merged' | 'filters'> {
  return {
    merged: tags(tail, 'mergeCell').flatMap((tag) => cellRange(attribute(tag, 'ref') ?? '') ?? []),
    filters: tags(withoutViews(tail), 'autoFilter').length,
  };
}

/** How many elements of this name a part holds below its root, however long it is. */
export async function countElements(
  chunks: AsyncIterable<Buffer>,
  root: string,
  name: string,
): Promise<number> {
  let count = 0;
  const parts = closedParts(rawXmlOf(chunks), (head) => `${rootPrefix(head, root)}${name}`);
  for await (const part of parts) count += tags(part, name).length;
  return count;
}
