import type { ParquetWriter } from 'hyparquet-writer';
import type { CellValue } from '../cells.ts';
import { KIND, plainText } from './cell-forms.ts';

type SchemaElement = ParquetWriter['schema'][number];

/** How the values of a column are stored. All may be null. */
export interface ParquetColumn {
  readonly element: SchemaElement;
  /** A cell as the writer takes it. */
  readonly of: (value: Exclude<CellValue, null>) => string | bigint | number | boolean | Date;
}

const dayOf = (value: CellValue): Date =>
  new Date(typeof value === 'object' && value !== null && value.kind !== 'shown' ? value.ms : Number.NaN);

const only = (kinds: number, allowed: number): boolean => kinds !== 0 && (kinds & ~allowed) === 0;

/**
 * The column of these kinds of values. One kind has its type; whole numbers among others are DOUBLE, which is
 * what a workbook holds, so that no digit is added or lost; days among moments are moments. Everything else,
 * and a column without values, is text. Moments are of the wall clock: a workbook knows no time zone.
 */
export function parquetColumn(name: string, kinds: number): ParquetColumn {
  const nullable = { name, repetition_type: 'OPTIONAL' } as const;
  if (only(kinds, KIND.whole)) {
    // Without an annotation: the package writes the width of one in a way that Arrow takes for damage.
    return { element: { ...nullable, type: 'INT64' }, of: (value) => BigInt(Number(value)) };
  }
  if (only(kinds, KIND.whole | KIND.fraction))
    return { element: { ...nullable, type: 'DOUBLE' }, of: Number };
  if (only(kinds, KIND.boolean)) return { element: { ...nullable, type: 'BOOLEAN' }, of: Boolean };
  if (only(kinds, KIND.date)) {
    return {
      element: { ...nullable, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
      of: dayOf,
    };
  }
  if (only(kinds, KIND.date | KIND.datetime)) {
    return {
      element: {
        ...nullable,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
      },
      of: dayOf,
    };
  }
  return {
    element: { ...nullable, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
    of: (value) => plainText(value, kinds),
  };
}
