import type { Field } from '../configuration.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { foldText, plainText } from '../words/plain-text.ts';
import { phraseSimilarity } from '../words/similarity.ts';
import { headerKey, wordsIn } from '../words/words.ts';

/** How a header speaks for a field, best first. */
export const CLOSENESS = { whole: 0, words: 1, plainWords: 2, similar: 3 } as const;
export type Closeness = (typeof CLOSENESS)[keyof typeof CLOSENESS];

export interface HeaderMatch {
  readonly closeness: Closeness;
  readonly score: number;
  /** In words: `exact words`, `whole header`, `similar to "customer name" 0.91`. */
  readonly reason: string;
}

/** A column's header, taken apart once. */
export interface Header {
  readonly key: string;
  readonly words: readonly string[];
  readonly plain: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
}

export function takeApart(raw: string | null, budget: RuleBudget): Header {
  const text = raw ?? '';
  budget.spendOn(text, 'map');
  const words = wordsIn(plainText(text));
  return { key: headerKey(text), words, plain: new Set(words), folded: new Set(wordsIn(foldText(text))) };
}

interface WordSet {
  readonly plain: readonly string[];
  readonly folded: readonly string[];
}

const wordSet = (words: readonly string[]): WordSet => ({
  plain: words.map(plainText),
  folded: words.map(foldText),
});

// A header named whole is sure: it counts this much where the field's own score is less.
const WHOLE_SCORE = 1;
// Of a phrase that a reason quotes: `MAX_MAPPING_REASON` has room for what stands around it.
const MAX_QUOTED = 100;

const isIn = (words: readonly string[], header: ReadonlySet<string>): boolean =>
  words.every((word) => header.has(word));

/** What a field says of headers, ready to be compared with many of them. */
export class HeaderRules {
  readonly #field: Field;
  readonly #strong: readonly WordSet[];
  readonly #weak: readonly WordSet[];
  readonly #whole: ReadonlySet<string>;
  readonly #phrases: readonly { readonly words: readonly string[]; readonly score: number }[];
  readonly #budget: RuleBudget;

  constructor(field: Field, budget: RuleBudget) {
    const { headerTokenSets, weakTokenSets, headers, score, weakScore, similarity } = field;
    this.#field = field;
    this.#budget = budget;
    this.#strong = headerTokenSets.map(wordSet);
    this.#weak = weakTokenSets.map(wordSet);
    this.#whole = new Set(headers.map(headerKey));
    this.#phrases =
      similarity === 0
        ? []
        : [
            ...headers.map((header) => ({ words: wordsIn(plainText(header)), score })),
            ...this.#strong.map(({ plain }) => ({ words: plain, score })),
            ...this.#weak.map(({ plain }) => ({ words: plain, score: weakScore })),
          ];
  }

  /** What the header says for the field, or nothing. Spends of the budget before it looks. */
  match(header: Header): HeaderMatch | undefined {
    this.#budget.spend(1 + this.#strong.length + this.#weak.length, 'map');
    const { score, weakScore } = this.#field;
    if (this.#whole.has(header.key)) {
      return { closeness: CLOSENESS.whole, score: Math.max(WHOLE_SCORE, score), reason: 'whole header' };
    }
    return (
      matchSets(this.#strong, header, score) ??
      matchSets(this.#weak, header, weakScore) ??
      this.#nearest(header)
    );
  }

  /** Whether a set of the field has every word of the header, and no other. */
  namesAll(header: Header): boolean {
    this.#budget.spend(1 + this.#strong.length + this.#weak.length, 'map');
    return [...this.#strong, ...this.#weak].some(
      ({ plain }) => isIn(plain, header.plain) && new Set(plain).size === header.plain.size,
    );
  }

  #nearest({ words }: Header): HeaderMatch | undefined {
    let best: HeaderMatch | undefined;
    const spend = (steps: number): void => this.#budget.spend(steps, 'map');
    for (const phrase of this.#phrases) {
      const near = phraseSimilarity(words, phrase.words, spend);
      if (near === 0) continue;
      const score = phrase.score * near * this.#field.similarity;
      if (best !== undefined && best.score >= score) continue;
      const quoted = JSON.stringify(phrase.words.join(' ').slice(0, MAX_QUOTED));
      const reason = `similar to ${quoted} ${near.toFixed(2)}`;
      best = { closeness: CLOSENESS.similar, score, reason };
    }
    return best;
  }
}

function matchSets(sets: readonly WordSet[], header: Header, score: number): HeaderMatch | undefined {
  let isPlain = false;
  for (const { plain, folded } of sets) {
    if (!isIn(plain, header.plain)) continue;
    if (isIn(folded, header.folded)) return { closeness: CLOSENESS.words, score, reason: 'exact words' };
    isPlain = true;
  }
  return isPlain ? { closeness: CLOSENESS.plainWords, score, reason: 'exact words' } : undefined;
}
