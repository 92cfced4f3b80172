import { type FailureStage, SpreadsheetFailure } from '../failure.ts';
import type { RuleBudget } from '../rule-budget.ts';
import type { ValueList } from './value-list.ts';

export type Lists = ReadonlyMap<string, ValueList>;
export const NO_LISTS: Lists = new Map();

/** A list as a rule names it: near misses count from this similarity on, 0 is none. */
interface ListRule {
  readonly list: string;
  readonly similarity: number;
}

/**
 * What finds the value of a list that a text stands for, or null.
 * @throws SpreadsheetFailure `list_not_found` when the list is not among these.
 */
export function listFinder(
  { list, similarity }: ListRule,
  lists: Lists,
  budget: RuleBudget,
  stage: FailureStage,
): (text: string) => string | null {
  const values = lists.get(list);
  if (values === undefined) {
    const message = `There is no list "${list}" in this workspace, which the configuration names: upload it under that name, or take it out of the configuration.`;
    throw new SpreadsheetFailure('list_not_found', stage, message);
  }
  return (text) => {
    budget.spendOn(text, stage);
    const found = values.find(text);
    return found === null && similarity > 0 ? values.nearest(text, similarity, budget, stage) : found;
  };
}
