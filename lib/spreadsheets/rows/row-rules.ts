import { type CellValue, headerText, isBlank, textOf } from '../cells.ts';
import type { RowRule } from '../configuration.ts';
import type { Cells } from '../detect/row-scan.ts';
import { Pattern } from '../patterns.ts';
import type { MappedTable } from '../render/render-plan.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { writtenNumber } from '../transform/reading/number-text.ts';
import type { DropReason } from './dropped-rows.ts';
import { isRepeatedHeader, plainHeader } from './repeated-header.ts';
import { isNote, totalLabel } from './total-words.ts';

/** Decides of one row after another of a table whether it is left out, and why; undefined where it stays. */
export type RowFilter = (cells: Cells) => DropReason | undefined;

type Test = (cells: Cells) => boolean;

/** What rules ask of a table. */
export interface RuledTable {
  /** Of its columns in the output. */
  readonly names: MappedTable['names'];
  readonly survey: Pick<MappedTable['survey'], 'headers' | 'headerRowCount'> & {
    readonly columns: { readonly length: number };
  };
}

/** Of looking at a row; a label of totals takes the longest. */
const STEPS_PER_RULE = 50;

const isNumeric = (cell: CellValue): boolean =>
  typeof cell === 'number' || (typeof cell === 'string' && writtenNumber(cell) !== null);

const filled = (cells: Cells): CellValue[] => cells.filter((cell) => !isBlank(cell));

function isTotals(cells: Cells, columns: number): boolean {
  const [label, ...others] = filled(cells);
  if (typeof label !== 'string' || label.length > 80) return false;
  const certainty = totalLabel(label.trim());
  if (certainty === 'none' || !others.every(isNumeric)) return false;
  if (certainty === 'all') return columns > 1;
  // A firm may be called so, and then has a row as full as others.
  return columns >= 4 && others.length > 0 && others.length + 1 <= columns / 2;
}

function isNoteRow(cells: Cells, columns: number): boolean {
  const [text, ...others] = filled(cells);
  if (typeof text !== 'string' || isNumeric(text)) return false;
  const words = text.trim();
  // The sign of a footnote may have a cell of its own.
  if (others.length === 1) return /^[*†‡※]+$/u.test(words) && typeof others[0] === 'string';
  return others.length === 0 && columns > 1 && isNote(words, columns);
}

function columnOf({ names, survey }: RuledTable, column: string): number {
  const byName = names.indexOf(column);
  if (byName >= 0) return byName;
  const wanted = plainHeader(column);
  return survey.headers.findIndex((header) => plainHeader(headerText(header) ?? '') === wanted);
}

interface Compiled {
  readonly reason: DropReason;
  /** The rule for a table; undefined where the table has no column that it names. */
  readonly testFor: (table: RuledTable) => Test | undefined;
}

function compile(rule: RowRule, budget: RuleBudget): Compiled {
  const { drop, stopAt, keepIf } = rule;
  if (keepIf !== undefined) {
    return { reason: 'keepIf', testFor: () => (cells) => filled(cells).length < keepIf.atLeast };
  }
  const matched = stopAt ?? (typeof drop === 'object' ? drop : undefined);
  if (matched !== undefined) {
    const pattern = new Pattern(matched.matches, budget, 'transform');
    return {
      reason: stopAt === undefined ? 'matches' : 'stopAt',
      testFor: (table) => {
        const at = columnOf(table, matched.column);
        if (at < 0) return undefined;
        return (cells) => {
          const cell = cells[at] ?? null;
          return pattern.matches(cell === null ? '' : textOf(cell).trim());
        };
      },
    };
  }
  const width = ({ survey }: RuledTable): number => survey.columns.length;
  if (drop === 'repeatedHeader') {
    return {
      reason: drop,
      testFor:
        ({ survey }) =>
        (cells) =>
          isRepeatedHeader(cells, survey.headers, survey.headerRowCount),
    };
  }
  if (drop === 'totals')
    return { reason: drop, testFor: (table) => (cells) => isTotals(cells, width(table)) };
  if (drop === 'notes')
    return { reason: drop, testFor: (table) => (cells) => isNoteRow(cells, width(table)) };
  return { reason: 'blank', testFor: () => (cells) => cells.every(isBlank) };
}

/** The rules of a configuration for the rows of its tables. */
export class RowRules {
  readonly #rules: readonly Compiled[];
  readonly #budget: RuleBudget;

  constructor(rules: readonly RowRule[], budget: RuleBudget) {
    this.#rules = rules.map((rule) => compile(rule, budget));
    this.#budget = budget;
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** A filter for the rows of a table, from the first to the last; the first rule that applies decides. */
  filterFor(table: RuledTable): RowFilter {
    if (this.isEmpty) return () => undefined;
    const tests = this.#rules.flatMap(({ reason, testFor }) => {
      const test = testFor(table);
      return test === undefined ? [] : [{ reason, test }];
    });
    let stopped = false;
    return (cells) => {
      if (stopped) return 'stopAt';
      this.#budget.spend(tests.length * (STEPS_PER_RULE + cells.length / 8), 'transform');
      const reason = tests.find(({ test }) => test(cells))?.reason;
      stopped = reason === 'stopAt';
      return reason;
    };
  }
}
