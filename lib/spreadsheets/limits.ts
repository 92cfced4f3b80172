/** Rows and columns of a worksheet, as the file format itself limits them. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;

/**
 * Sheets of a workbook, each of which costs a pass and a part of the report; and characters of a sheet's name,
 * where programs stop at 31.
 */
export const MAX_SHEETS = 1_000;
export const MAX_SHEET_NAME = 255;

/** Cells of a workbook, gaps inside a row included: a sheet of full height, 30 columns wide, fits. */
export const MAX_CELLS = 32_000_000;

/**
 * Characters over all cells. One shared string of 32,767 characters may be named by a million cells, so
 * neither the file's size nor the number of cells bounds what has to be written. Twenty characters in each of
 * 24 million cells fit.
 */
export const MAX_CHARACTERS = 500_000_000;

/**
 * Tables of a workbook, and columns summed over them. Each costs an event and a part of the report, which a
 * sheet that repeats its header every other row would multiply without end.
 */
export const MAX_TABLES = 5_000;
export const MAX_TABLE_COLUMNS = 100_000;

/** Characters a cell can show; spreadsheet programs refuse a file with more. */
export const MAX_CELL_CHARACTERS = 32_767;

/** Characters of the reason why a column got its field. */
export const MAX_MAPPING_REASON = 150;
