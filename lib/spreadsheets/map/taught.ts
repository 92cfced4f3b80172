import * as z from 'zod';

/** A header that somebody said to be a field, or none, so many times in a row. */
export const TaughtHeader = z.object({
  /** As `headerKey` makes it. */
  header: z.string(),
  field: z.string().nullable(),
  count: z.int().min(1),
});
export type TaughtHeader = z.infer<typeof TaughtHeader>;

/** A text of a field that somebody said to be another one; null is no value. */
export const TaughtValue = z.object({ field: z.string(), from: z.string(), to: z.string().nullable() });
export type TaughtValue = z.infer<typeof TaughtValue>;

/** What somebody said of one column of this very document; the place is that of the report it was said of. */
export const ColumnCorrection = z.object({
  sheetName: z.string(),
  sheetIndex: z.int(),
  tableIndex: z.int(),
  columnIndex: z.int(),
  /** As `headerKey` makes it; empty where the column had none. */
  header: z.string(),
  field: z.string().nullable(),
});
export type ColumnCorrection = z.infer<typeof ColumnCorrection>;

/** What people have taught: of headers and values in general, and of the columns of one document, oldest first. */
export const Taught = z.object({
  headers: z.array(TaughtHeader),
  values: z.array(TaughtValue),
  corrections: z.array(ColumnCorrection),
});
export type Taught = z.infer<typeof Taught>;

export const NOTHING_TAUGHT: Taught = { headers: [], values: [], corrections: [] };

export const isNothing = ({ headers, values, corrections }: Taught): boolean =>
  headers.length + values.length + corrections.length === 0;
