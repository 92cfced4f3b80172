/**
 * Looking into workbooks without processing them: the second public entry of this room. It stands apart from
 * the engine's, so that functions that only look carry none of its libraries.
 */
export { SpreadsheetFailure } from '../failure.ts';
export { csvSource } from './csv-source.ts';
export {
  type FirstRows,
  type FirstRowsWanted,
  MAX_PREVIEW_COLUMNS,
  MAX_PREVIEW_ROWS,
  type PreviewSource,
  type SheetInfo,
} from './preview-source.ts';
export { type PreviewOptions, type SheetPreview, sheetPreview } from './sheet-preview.ts';
export {
  type EncodedPreview,
  encodePreview,
  type PreviewIndex,
  type ReadRange,
  readPreviewIndex,
  readStoredRows,
} from './stored-preview.ts';
export { workbookSource } from './workbook-source.ts';
