import { type CellValue, DAY_MS } from '../../cells.ts';
import { temporalOfIso } from '../number-format.ts';
import { durationOfIso } from './iso-duration.ts';
import type { OdsStyles } from './styles.ts';
import type { XmlTag } from './xml-walk.ts';

/** What a cell holds, and the unit it is shown with, if any: `percent`, `EUR`, `$`, `elapsed`. */
export interface OdsValue {
  readonly value: CellValue;
  readonly unit: string | null;
}

const plain = (value: CellValue): OdsValue => ({ value: value === '' ? null : value, unit: null });

function numberOf(tag: XmlTag): number | null {
  const said = tag.attribute('office:value')?.trim() ?? '';
  const number = said === '' ? Number.NaN : Number(said);
  return Number.isFinite(number) ? number : null;
}

function timeOf(said: string, style: string | undefined, styles: OdsStyles): OdsValue | null {
  const ms = durationOfIso(said);
  if (ms === null) {
    const clock = temporalOfIso(said);
    return clock === null ? null : plain(clock);
  }
  return timeOfMs(ms, style, styles);
}

/** The format has one type for both: what a clock can show is a time of day, unless its style counts on. */
function timeOfMs(ms: number, style: string | undefined, styles: OdsStyles): OdsValue {
  if (ms >= 0 && ms < DAY_MS && !styles.isElapsed(style)) return plain({ kind: 'time', ms });
  return { value: { kind: 'duration', ms }, unit: 'elapsed' };
}

/** Days from 1899-12-30, the day 0, to 1970-01-01. */
const DAYS_TO_1970 = 25_569;
// 9999-12-31, the last day that programs know.
const LAST_DAY = 2_958_465;

/** A number that some programs write where others write a date or a time: its style tells which it is. */
function floatOf(value: number, style: string | undefined, styles: OdsStyles): OdsValue {
  const kind = styles.kind(style);
  if (kind === 'percentage') return { value, unit: 'percent' };
  if (kind === 'currency') return { value, unit: styles.currency(style) || null };
  if (kind === 'time') return timeOfMs(Math.round(value * DAY_MS), style, styles);
  if (kind === 'date') {
    if (value < 0 || value > LAST_DAY) return plain(value);
    const ms = Math.round(value * DAY_MS);
    return plain(ms < DAY_MS ? { kind: 'time', ms } : { kind: 'datetime', ms: ms - DAYS_TO_1970 * DAY_MS });
  }
  const shown = styles.shown(style, value);
  return plain(shown === null ? value : { kind: 'shown', value, text: shown });
}

/** The type a cell says it has; an error is a text whatever else its cell says. */
function typeOf(tag: XmlTag): string | undefined {
  return tag.attribute('calcext:value-type') === 'error' ? 'error' : tag.attribute('office:value-type');
}

/**
 * What a cell holds, by its opening tag, its text and the style that applies to it. A value that is not there,
 * or cannot be one of its type, is read as the text that is shown.
 */
export function odsValue(
  tag: XmlTag,
  text: string | null,
  style: string | undefined,
  styles: OdsStyles,
): OdsValue {
  const type = typeOf(tag);
  if (type === 'string') {
    const said = tag.attribute('office:string-value');
    return plain(said === undefined || said === '' ? text : said);
  }
  if (type === 'float') {
    const value = numberOf(tag);
    return value === null ? plain(text) : floatOf(value, style, styles);
  }
  if (type === 'percentage' || type === 'currency') {
    const value = numberOf(tag);
    if (value === null) return plain(text);
    if (type === 'percentage') return { value, unit: 'percent' };
    const unit = tag.attribute('office:currency') ?? styles.currency(style);
    return { value, unit: unit === '' ? null : unit };
  }
  if (type === 'date') return plain(temporalOfIso(tag.attribute('office:date-value') ?? '') ?? text);
  if (type === 'time') {
    return timeOf(tag.attribute('office:time-value') ?? '', style, styles) ?? plain(text);
  }
  if (type === 'boolean') {
    const said = tag.attribute('office:boolean-value');
    return plain(said === undefined ? text : said === 'true');
  }
  return plain(text);
}

const VALUES = [
  'office:value',
  'office:date-value',
  'office:time-value',
  'office:boolean-value',
  'office:string-value',
];

/** Whether a cell has a formula and nobody ever stored what comes of it. */
export const isUncalculated = (tag: XmlTag, text: string | null): boolean =>
  tag.attribute('table:formula') !== undefined &&
  (text === null || text === '') &&
  tag.attribute('office:value-type') !== 'string' &&
  VALUES.every((name) => tag.attribute(name) === undefined);
