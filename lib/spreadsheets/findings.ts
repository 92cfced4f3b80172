/** What reading a file finds that its owner should know of; none of them stops a run. */
export const READ_FINDINGS = {
  /** The file could be two things, and was read as the likelier one. */
  ambiguous_encoding: 'warning',
  ambiguous_delimiter: 'warning',
  /** Bytes that no character of the encoding stands for were replaced. */
  undecodable_characters: 'warning',
  /** Rows with more or fewer cells than the table's header. */
  ragged_rows: 'info',
  /** Quotes that stand where none may, and quoted fields that are never closed. */
  stray_quotes: 'warning',
  unclosed_quote: 'warning',
  mixed_line_ends: 'info',
  /** The file is of another kind than its name says, and was read as what it is. */
  other_format: 'info',
  /** A sheet that the workbook names and does not hold was left out. */
  missing_sheet: 'warning',
  /** Formulas without a stored result are empty: the program that wrote the file never calculated them. */
  uncalculated_formulas: 'warning',
  hidden_rows: 'info',
  hidden_columns: 'info',
  merged_cells: 'info',
  notes: 'info',
  filters: 'info',
  /** Percent, currency and the like: the values are plain numbers, `meta` says their units. */
  units: 'info',
} as const satisfies Record<string, 'info' | 'warning'>;

export type ReadFindingCode = keyof typeof READ_FINDINGS;

/** One finding. `at` is where: a sheet's name, or a place in it such as `Orders!B3`; null for the whole file. */
export interface ReadFinding {
  readonly code: ReadFindingCode;
  /** A sentence: what was found, and what to do where something can be done. */
  readonly message: string;
  readonly at: string | null;
  readonly count: number | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}
