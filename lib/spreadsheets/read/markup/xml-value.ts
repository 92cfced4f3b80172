import { type CellValue, DAY_MS } from '../../cells.ts';
import { type NumberFormat, temporalOf, temporalOfIso } from '../number-format.ts';

// Times and lengths of time are written from day 0 on; 1900-02-29, a day that never was, is counted.
const DAY_0 = Date.UTC(1899, 11, 31);
const AFTER_LEAP_DAY = Date.UTC(1900, 2, 1);

/** A date as the file writes it. What its format shows as a clock or a length of time is one. */
function dateOf(text: string, { kind }: NumberFormat): CellValue {
  const date = temporalOfIso(text);
  if (date === null || date.kind === 'time') return date ?? text;
  const sinceDay0 = date.ms - DAY_0;
  if (kind === 'duration') {
    return { kind, ms: date.ms < AFTER_LEAP_DAY ? sinceDay0 : sinceDay0 + DAY_MS };
  }
  return sinceDay0 >= 0 && sinceDay0 < DAY_MS ? { kind: 'time', ms: sinceDay0 } : date;
}

function numberOf(text: string, { kind, mask }: NumberFormat, date1904: boolean): CellValue {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (kind !== 'number') return temporalOf(value, kind, date1904) ?? value;
  const shown = mask === null ? null : mask(value);
  return shown === null ? value : { kind: 'shown', value, text: shown };
}

/** What a cell holds, by the text and the type of its data. What cannot be one of its type is its text. */
export function xmlValue(
  text: string,
  type: string | undefined,
  format: NumberFormat,
  date1904: boolean,
): CellValue {
  if (text === '') return null;
  const isTyped = type === 'Boolean' || type === 'DateTime' || type === 'Number';
  if (!isTyped) return text;
  const said = text.trim();
  if (said === '') return null;
  if (type === 'Boolean') return said === '1' || said === 'true';
  return type === 'DateTime' ? dateOf(said, format) : numberOf(said, format, date1904);
}
