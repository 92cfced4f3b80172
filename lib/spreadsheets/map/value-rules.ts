import type { Field } from '../configuration.ts';
import { Pattern } from '../patterns.ts';
import type { RuleBudget } from '../rule-budget.ts';

export interface ValueMatch {
  readonly score: number;
  /** 0 to 1: of the pattern that speaks most for the field, how many of the values match. */
  readonly share: number;
}

export type MatchValues = (sample: readonly string[]) => ValueMatch;

const NOTHING: ValueMatch = { score: 0, share: 0 };

/** What a field's patterns say of sampled values. */
export function valueRules({ valuePatterns }: Field, budget: RuleBudget): MatchValues {
  const patterns = valuePatterns.map((rule) => ({
    ...rule,
    regex: new Pattern(rule.pattern, budget, 'map'),
  }));
  return (sample) => {
    if (sample.length === 0) return NOTHING;
    let total = 0;
    let best = NOTHING;
    for (const { regex, score, minShare } of patterns) {
      const share = sample.filter((value) => regex.matches(value)).length / sample.length;
      if (share < minShare) continue;
      total += score * share;
      if (score * share > best.score) best = { score: score * share, share };
    }
    return { score: total, share: best.share };
  };
}
