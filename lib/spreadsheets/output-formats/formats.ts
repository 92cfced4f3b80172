/** The forms that a sheet can be had in. A workbook has all sheets, the others have one. */
export const OUTPUT_FORMATS = ['xlsx', 'csv', 'jsonl', 'parquet'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Media types, as they are registered; Parquet's is Apache's. */
export const MEDIA_TYPES: Record<OutputFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
};
