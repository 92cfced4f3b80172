import { headerText, isBlank } from '../cells.ts';
import { isRepeatedHeader } from '../rows/repeated-header.ts';
import type { ColumnSurvey } from './column-survey.ts';
import type { TableSurvey } from './table-detector.ts';

function joinedColumn(upper: ColumnSurvey, lower: ColumnSurvey, hasHeader: boolean): ColumnSurvey {
  return {
    nonEmpty: upper.nonEmpty + lower.nonEmpty + (hasHeader ? 1 : 0),
    hasText: upper.hasText || lower.hasText || hasHeader,
    hasShown: upper.hasShown || lower.hasShown,
    hasOther: upper.hasOther || lower.hasOther,
    sample: upper.sample.length > 0 ? upper.sample : lower.sample,
    ...(upper.evidence === undefined ? {} : { evidence: upper.evidence }),
  };
}

/** Whether the lower table is the upper one going on, after its header once more. */
function goesOn(upper: TableSurvey, lower: TableSurvey): boolean {
  return (
    lower.headerRow === upper.endRow &&
    lower.headerRowCount === 1 &&
    lower.firstColumn === upper.firstColumn &&
    lower.columns.length === upper.columns.length &&
    lower.headers.some((header) => !isBlank(header)) &&
    isRepeatedHeader(lower.headers, upper.headers, upper.headerRowCount)
  );
}

/**
 * Tables that begin with the header of the one right above them become rows of it, header included. What is said
 * of values is of the upper part: whoever joins tables leaves rows out, and looks at the others anew.
 */
export function joinRepeated(tables: readonly TableSurvey[]): TableSurvey[] {
  const joined: TableSurvey[] = [];
  for (const table of tables) {
    const at = joined.findIndex((upper) => goesOn(upper, table));
    const upper = joined[at];
    if (upper === undefined) {
      joined.push(table);
      continue;
    }
    joined[at] = {
      ...upper,
      endRow: table.endRow,
      emptyRows: upper.emptyRows + table.emptyRows,
      columns: upper.columns.map((column, index) => {
        const lower = table.columns[index];
        const hasHeader = headerText(table.headers[index] ?? null) !== null;
        return lower === undefined ? column : joinedColumn(column, lower, hasHeader);
      }),
    };
  }
  return joined;
}
