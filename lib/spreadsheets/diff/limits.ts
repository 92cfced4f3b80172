/** Cells listed over all sheets of a comparison. */
export const MAX_LISTED_CELLS = 10_000;
/** Bytes of JSON, as an answer carries it, that the texts of these cells and the names of the sheets may take. */
export const MAX_LISTED_BYTES = 3_000_000;
/**
 * Bytes of all sheets of a comparison at most. Two workbooks of a thousand sheets each, whose names are as long as
 * names can be, leave nothing for texts; then comes what stands around each sheet and each cell.
 */
export const MAX_DIFF_BYTES = 4_600_000;

/**
 * Cells of one sheet that are compared, gaps inside rows included: their hashes take eight bytes each, on both
 * sides. Half a million rows of 24 columns fit.
 */
export const MAX_COMPARED_CELLS = 12_000_000;
