import { columnLetters } from '../cells.ts';
import { READ_FINDINGS, type ReadFinding, type ReadFindingCode } from '../findings.ts';
import type { SheetFacts } from '../read/reader.ts';

// How many columns a finding names; their number is told whole.
const MAX_NAMED = 20;

/** What makes the values read doubtful, rather than telling of what stands beside them. */
const DOUBTS: ReadonlySet<ReadFindingCode> = new Set([
  'ambiguous_encoding',
  'ambiguous_delimiter',
  'undecodable_characters',
  'stray_quotes',
  'unclosed_quote',
  'missing_sheet',
]);

export const isDoubt = ({ code }: Pick<ReadFinding, 'code'>): boolean => DOUBTS.has(code);

const several = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;

function named(letters: readonly string[]): string {
  const shown = letters.slice(0, MAX_NAMED).join(', ');
  return letters.length > MAX_NAMED ? `${shown} and ${letters.length - MAX_NAMED} more` : shown;
}

/** What a sheet holds beside its values, as findings; `at` is the sheet, or the first place in it. */
export function sheetFindings(sheetName: string, facts: SheetFacts): ReadFinding[] {
  const { hiddenRows, hiddenColumns, merged, notes, filters, uncalculated, units } = facts;
  const findings: ReadFinding[] = [];
  const add = (
    code: ReadFindingCode,
    count: number,
    message: string,
    { at = sheetName, meta = null }: { at?: string; meta?: ReadFinding['meta'] } = {},
  ): void => {
    if (count > 0) findings.push({ code, message, at, count, meta });
  };
  add(
    'uncalculated_formulas',
    uncalculated.count,
    `${several(uncalculated.count, 'formula has', 'formulas have')} no stored result and ${uncalculated.count === 1 ? 'is' : 'are'} empty. Open the file in a spreadsheet program, save it and upload it again.`,
    uncalculated.first === null ? {} : { at: `${sheetName}!${uncalculated.first}` },
  );
  add(
    'hidden_rows',
    hiddenRows,
    `${several(hiddenRows, 'row is', 'rows are')} hidden. The setting hiddenRows says whether such rows are read.`,
  );
  const hidden = hiddenColumns.map(columnLetters);
  add(
    'hidden_columns',
    hidden.length,
    `${several(hidden.length, 'column is', 'columns are')} hidden, and read all the same: ${named(hidden)}.`,
    { meta: { columns: hidden.slice(0, MAX_NAMED) } },
  );
  add(
    'merged_cells',
    merged.length,
    `${several(merged.length, 'range of cells is', 'ranges of cells are')} merged. The setting mergedCells says whether every cell of a range has its value, or the first one alone.`,
  );
  add('notes', notes, `${several(notes, 'note is', 'notes are')} attached to cells, and not read.`);
  add(
    'filters',
    filters,
    `${several(filters, 'filter is', 'filters are')} set. What they hide is told by hidden_rows.`,
  );
  const shown = units.slice(0, MAX_NAMED).map(({ column, unit, count }) => ({
    column: columnLetters(column),
    unit,
    count,
  }));
  add(
    'units',
    units.length,
    `Numbers are shown with a unit and read without it: ${named(units.map(({ column, unit }) => `${columnLetters(column)} (${unit})`))}.`,
    { meta: { units: shown } },
  );
  return findings;
}

/** A finding as a report and an event tell it. */
export const toldFinding = (finding: ReadFinding) => ({
  code: finding.code,
  severity: READ_FINDINGS[finding.code],
  message: finding.message,
  at: finding.at,
  count: finding.count,
  meta: finding.meta,
});
