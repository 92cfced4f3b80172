import { type FailureStage, SpreadsheetFailure } from './failure.ts';

/**
 * Steps that the rules of a configuration may take on one workbook. A regular expression takes as many for a
 * text as the text has characters times the instructions of its program: 4 to 24 ns each, so that all of them
 * are about a minute at worst. A million rows with an address to be checked in ten columns take 2.7 billion.
 */
export const MAX_RULE_STEPS = 3_000_000_000;

/** Characters that a rule without a pattern goes through in the time of a step. */
const CHARACTERS_PER_STEP = 8;

/** What the rules of a configuration have cost on one workbook so far; throws `too_large` beyond the limit. */
export class RuleBudget {
  #left: number;

  constructor(steps = MAX_RULE_STEPS) {
    this.#left = steps;
  }

  spend(steps: number, stage: FailureStage): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    throw new SpreadsheetFailure(
      'too_large',
      stage,
      "The configuration's rules would take too long on a workbook of this size: use fewer or shorter patterns and rules, or split the workbook.",
    );
  }

  /** For a rule without a pattern. */
  spendOn(value: unknown, stage: FailureStage): void {
    this.spend(typeof value === 'string' ? 1 + value.length / CHARACTERS_PER_STEP : 1, stage);
  }
}
