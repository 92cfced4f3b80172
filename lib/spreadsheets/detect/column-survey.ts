import { isBlank, textOf } from '../cells.ts';
import { ColumnEvidence } from '../transform/reading/column-evidence.ts';
import type { Cells } from './row-scan.ts';

/** What is known of a column before it is written. */
export interface ColumnSurvey {
  /** Cells that are neither null nor blank. */
  nonEmpty: number;
  hasText: boolean;
  /** Numbers that are shown as names: texts, unless the column's field is a number. */
  hasShown: boolean;
  hasOther: boolean;
  /** The first non-blank values as text, trimmed. */
  readonly sample: string[];
  /** How its texts write numbers and dates; there only where somebody wants to know. */
  readonly evidence?: ColumnEvidence;
}

/** Makes the columns at least so many. */
export function widen(columns: ColumnSurvey[], width: number, wantsEvidence = false): void {
  while (columns.length < width) {
    columns.push({
      nonEmpty: 0,
      hasText: false,
      hasShown: false,
      hasOther: false,
      sample: [],
      ...(wantsEvidence ? { evidence: new ColumnEvidence() } : {}),
    });
  }
}

/** Takes a row of data into the columns from the cell `from` up to, but without, `to`; whether it has a value there. */
export function surveyRow(
  columns: readonly ColumnSurvey[],
  cells: Cells,
  sampleSize: number,
  from = 0,
  to = cells.length,
): boolean {
  let filled = false;
  const end = Math.min(to, cells.length);
  for (let at = from; at < end; at++) {
    const cell = cells[at] ?? null;
    const survey = columns[at - from];
    if (cell === null || survey === undefined) continue;
    if (typeof cell === 'string') survey.hasText = true;
    else if (typeof cell === 'object' && cell.kind === 'shown') survey.hasShown = true;
    else survey.hasOther = true;
    if (isBlank(cell)) continue;
    filled = true;
    survey.nonEmpty++;
    if (survey.evidence !== undefined && typeof cell === 'string') survey.evidence.accept(cell);
    if (survey.sample.length < sampleSize) survey.sample.push(textOf(cell).trim());
  }
  return filled;
}
