import type { Settings } from './configuration.ts';
import { SpreadsheetFailure } from './failure.ts';
import type { SourceSheet } from './read/reader.ts';

export interface SheetSelection {
  readonly sheetNames?: readonly string[];
  readonly activeSheetOnly?: boolean;
}

const notFound = (message: string): SpreadsheetFailure =>
  new SpreadsheetFailure('sheet_not_found', 'read', message);

const cleaned = (names: readonly string[]): Set<string> =>
  new Set(names.map((name) => name.trim()).filter((name) => name !== ''));

function activeSheet(sheets: readonly SourceSheet[], mayBeHidden: boolean): SourceSheet {
  const active = sheets.find((sheet) => sheet.active);
  if (active === undefined) {
    throw new SpreadsheetFailure(
      'no_active_sheet',
      'read',
      'Active worksheet is not available. Name the sheets to read.',
    );
  }
  if (!active.visible && !mayBeHidden) {
    throw new SpreadsheetFailure('no_active_sheet', 'read', `Active worksheet is hidden: ${active.name}`);
  }
  return active;
}

/**
 * The sheets to process: those that a run names, or the active one alone; else those that the settings want.
 * Hidden ones are there only where the settings keep them. Always in the workbook's order. Throws
 * SpreadsheetFailure if there is none such.
 */
export function selectSheets(
  sheets: readonly SourceSheet[],
  { sheetNames = [], activeSheetOnly = false }: SheetSelection,
  { include, exclude, hidden }: Settings['sheets'],
): SourceSheet[] {
  const mayBeHidden = hidden === 'keep';
  const eligible = sheets.filter((sheet) => sheet.visible || mayBeHidden);
  if (eligible.length === 0) throw notFound('No visible worksheets available. Show one and try again.');
  if (activeSheetOnly) return [activeSheet(sheets, mayBeHidden)];
  const asked = cleaned(sheetNames);
  const wanted = asked.size > 0 ? asked : cleaned(include);
  const known = new Set(eligible.map(({ name }) => name.trim()));
  const missing = [...wanted].filter((name) => !known.has(name));
  if (missing.length > 0) throw notFound(`Worksheet(s) not found: ${missing.join(', ')}`);
  const unwanted = asked.size > 0 ? new Set<string>() : cleaned(exclude);
  const selected = eligible.filter(
    ({ name }) => (wanted.size === 0 || wanted.has(name.trim())) && !unwanted.has(name.trim()),
  );
  if (selected.length === 0) {
    throw notFound('The configuration excludes every worksheet. Change its settings.sheets.');
  }
  return selected;
}
