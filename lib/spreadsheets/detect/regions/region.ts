/** A table's cells, 0-based, both corners included: from its first header row to its last row of data. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  /** Rows of headings at the top of it; 0 where it has none. */
  readonly headerRows: number;
}
