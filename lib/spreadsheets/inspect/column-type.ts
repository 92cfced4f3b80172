import { type CellValue, DAY_MS, isBlank } from '../cells.ts';
import { parseDate } from '../transform/parse-value.ts';

export type ColumnType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'time'
  | 'duration'
  | 'empty'
  | 'mixed';

type CellType = Exclude<ColumnType, 'empty' | 'mixed'>;

// Longer texts are looked at no further: what they could be is shorter.
const MAX_LOOKED_AT = 40;

// A number of several digits that begins with a zero is a name, such as a postcode.
const NAME = /^[+-]?0\d/;
const INTEGER = /^[+-]?\d+$/;
const GROUPED_INTEGER = /^[+-]?\d{1,3}(?:([,.'\u00a0\u202f])\d{3})(?:\1\d{3})+$/;
const DECIMAL = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d{1,3})?$/i;
const GROUPED_DECIMAL = /^[+-]?\d{1,3}(?:([,.'\u00a0\u202f])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?$/;
const UNIT = /^[$€£¥]\s?|\s?[%$€£¥]$/g;

// A year has four figures, or two at the end: `1.2.3` is a version.
const DATE =
  /^(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2(?:\d{4}|\d{2}))(?:[ T]\d{1,2}:\d{2}.*)?$/;
const CLOCK = /^(\d{1,3}):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:\s?[ap]m)?$/i;
const DURATION = /^-?P(?=\d|T\d)(?:\d+[YMWD])*(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?$/;
// Nothing but a text begins with anything else.
const OTHER_THAN_TEXT = /^[\d.,+\-$€£¥PtTfF]/;

function typeOfNumber(text: string): CellType | undefined {
  if (NAME.test(text)) return undefined;
  if (INTEGER.test(text) || GROUPED_INTEGER.test(text)) return 'integer';
  const bare = text.replace(UNIT, '');
  return DECIMAL.test(bare) || GROUPED_DECIMAL.test(bare) ? 'number' : undefined;
}

function typeOfInstant(text: string): CellType | undefined {
  if (DATE.test(text)) {
    const value = parseDate(text, 'dmy') ?? parseDate(text, 'mdy');
    return typeof value === 'object' ? value?.kind : undefined;
  }
  const hours = CLOCK.exec(text)?.[1];
  if (hours !== undefined) return Number(hours) < 24 ? 'time' : 'duration';
  return DURATION.test(text) ? 'duration' : undefined;
}

function typeOfText(text: string): CellType {
  if (!OTHER_THAN_TEXT.test(text) || text.length > MAX_LOOKED_AT) return 'string';
  if (/^(?:true|false)$/i.test(text)) return 'boolean';
  return typeOfNumber(text) ?? typeOfInstant(text) ?? 'string';
}

/** What a cell holds; of a text, what it spells. Undefined for a blank one. */
export function typeOfCell(value: CellValue): CellType | undefined {
  if (value === null || isBlank(value)) return undefined;
  if (typeof value === 'string') return typeOfText(value.trim());
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value.kind === 'shown') return 'string';
  return value.kind === 'datetime' && value.ms % DAY_MS === 0 ? 'date' : value.kind;
}

// Whole numbers are numbers, and a day is an instant: the wider type holds both.
const WIDER: Partial<Record<CellType, CellType>> = { integer: 'number', date: 'datetime' };

/** The type of a column that had one type so far, when it meets another. */
export function joined(column: ColumnType, cell: CellType): ColumnType {
  if (column === 'empty' || column === cell) return cell;
  if (column === 'mixed') return column;
  if (WIDER[column] === cell) return cell;
  return WIDER[cell] === column ? column : 'mixed';
}
