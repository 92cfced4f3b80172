import { columnLetters, type Temporal, temporalText } from '../cells.ts';
import { MAX_CELL_CHARACTERS } from '../limits.ts';
import { serialOf } from '../read/number-format.ts';

/** Cell styles of the written workbook, by position in its style sheet. */
export const NUMBER_FORMATS: Record<Temporal['kind'], { style: number; code: string }> = {
  date: { style: 1, code: 'yyyy\\-mm\\-dd' },
  datetime: { style: 2, code: 'yyyy\\-mm\\-dd\\ h:mm:ss' },
  time: { style: 3, code: 'h:mm:ss' },
  duration: { style: 4, code: '[h]:mm:ss' },
};

// Whatever XML cannot hold, what it would change, and what the format itself would take for an escape.
const UNSAFE = /[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_/;
const EACH_UNSAFE = /[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)/g;
const EDGE_SPACE = /^\s|\s$|\n/;

function replacement(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}

/** Text as the content of an element. */
export const escapeText = (text: string): string =>
  UNSAFE.test(text) ? text.replace(EACH_UNSAFE, replacement) : text;

/** Text as an attribute in double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

// Whole numbers beyond 2^53 are no longer exact, so they are not written as if each digit counted.
const numberText = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);

// The first day that workbooks can count: the day before would be shown as this one.
const FIRST_DAY = Date.UTC(1900, 0, 1);

const isEarlier = ({ kind, ms }: Temporal): boolean =>
  (kind === 'date' || kind === 'datetime') && ms < FIRST_DAY;

/**
 * One `c` element. `row` is 1-based text, `column` 0-based; longer texts than a cell can show are cut. Days before
 * 1900 are texts. `styleBase` is how many styles stand before ours, if there are more than the one of every other
 * cell.
 */
export function cellXml(
  value: string | number | boolean | Temporal,
  row: string,
  column: number,
  styleBase = 0,
): string {
  const place = columnLetters(column) + row;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? `<c r="${place}"><v>${numberText(value)}</v></c>` : '';
  }
  if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === 'object' && !isEarlier(value)) {
    return `<c r="${place}" s="${styleBase + NUMBER_FORMATS[value.kind].style}"><v>${serialOf(value)}</v></c>`;
  }
  const whole = typeof value === 'object' ? temporalText(value) : value;
  const text = whole.length > MAX_CELL_CHARACTERS ? whole.slice(0, MAX_CELL_CHARACTERS) : whole;
  const space = EDGE_SPACE.test(text) ? ' xml:space="preserve"' : '';
  return `<c r="${place}" t="inlineStr"><is><t${space}>${escapeText(text)}</t></is></c>`;
}
