import { type PlainValue, textOf } from '../cells.ts';
import type { IssueCode } from '../transform/validators.ts';
import type { IssueReport } from './report.ts';

const MAX_EXAMPLES = 10;
// A cell may hold 32,767 characters, which ten examples of each field would carry into every report.
const MAX_EXAMPLE_CHARACTERS = 500;

/** Takes note of the issues of one sheet. `row` is a row of the sheet as it is read, 0-based. */
export interface SheetIssues {
  note(field: string, code: IssueCode, row: number, value: PlainValue): void;
}

/** Counts the issues of a run by field and code, and keeps the first ones of each. */
export class IssueTally {
  readonly #kinds = new Map<string, IssueReport>();

  /** `rowInSheet` takes a row as it is read to the row of the sheet, both 0-based. */
  ofSheet(sheetName: string, rowInSheet: (row: number) => number): SheetIssues {
    return {
      note: (field, code, row, value) => {
        const kind = this.#kind(field, code);
        kind.count++;
        if (kind.examples.length >= MAX_EXAMPLES) return;
        kind.examples.push({
          sheet_name: sheetName,
          row: rowInSheet(row) + 1,
          value: value === null ? null : textOf(value).slice(0, MAX_EXAMPLE_CHARACTERS),
        });
      },
    };
  }

  /** By field and code, in the order in which they were first seen. */
  report(): IssueReport[] {
    return [...this.#kinds.values()];
  }

  #kind(field: string, code: IssueCode): IssueReport {
    // Names of fields have no space.
    const key = `${field} ${code}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind: IssueReport = { field, code, count: 0, examples: [] };
    this.#kinds.set(key, kind);
    return kind;
  }
}
