import { type NumberFormat, numberFormat, PLAIN_FORMAT } from '../number-format.ts';

const named = (kind: NumberFormat['kind'], unit: string | null = null): NumberFormat => ({
  kind,
  mask: null,
  unit,
});

const DAY = named('datetime');

/** Formats that files name instead of writing them ("XML Spreadsheet Reference", ss:Format). */
const NAMED = new Map<string, NumberFormat>([
  ['', PLAIN_FORMAT],
  ['General', PLAIN_FORMAT],
  ['General Number', PLAIN_FORMAT],
  ['Fixed', PLAIN_FORMAT],
  ['Standard', PLAIN_FORMAT],
  ['Scientific', PLAIN_FORMAT],
  ['Yes/No', PLAIN_FORMAT],
  ['True/False', PLAIN_FORMAT],
  ['On/Off', PLAIN_FORMAT],
  ['Percent', named('number', 'percent')],
  ['Currency', named('number', '$')],
  ['Euro Currency', named('number', '€')],
  ['General Date', DAY],
  ['Long Date', DAY],
  ['Medium Date', DAY],
  ['Short Date', DAY],
  ['Long Time', DAY],
  ['Medium Time', DAY],
  ['Short Time', DAY],
]);

/** A format by its name, or by its code. */
export const namedFormat = (format: string): NumberFormat => NAMED.get(format) ?? numberFormat(format);
