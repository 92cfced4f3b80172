import { SpreadsheetFailure } from './failure.ts';
import type { SourceSheet } from './read/reader.ts';

export interface SheetSelection {
  readonly sheetNames?: readonly string[];
  readonly activeSheetOnly?: boolean;
}

/**
 * The sheets to process: the visible ones, those of them that are named, or the active one alone; always in
 * the workbook's order. Throws SpreadsheetFailure if there is none such.
 */
export function selectSheets(
  sheets: readonly SourceSheet[],
  { sheetNames = [], activeSheetOnly = false }: SheetSelection,
): SourceSheet[] {
  const visible = sheets.filter((sheet) => sheet.visible);
  if (visible.length === 0) {
    throw new SpreadsheetFailure(
      'sheet_not_found',
      'read',
      'No visible worksheets available. Show one and try again.',
    );
  }
  if (activeSheetOnly) {
    const active = sheets.find((sheet) => sheet.active);
    if (active === undefined) {
      throw new SpreadsheetFailure(
        'no_active_sheet',
        'read',
        'Active worksheet is not available. Name the sheets to read.',
      );
    }
    if (!active.visible) {
      throw new SpreadsheetFailure('no_active_sheet', 'read', `Active worksheet is hidden: ${active.name}`);
    }
    return [active];
  }
  const wanted = new Set(sheetNames.map((name) => name.trim()).filter((name) => name !== ''));
  if (wanted.size === 0) return visible;
  const known = new Set(visible.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw new SpreadsheetFailure('sheet_not_found', 'read', `Worksheet(s) not found: ${missing.join(', ')}`);
  }
  return visible.filter(({ name }) => wanted.has(name));
}
