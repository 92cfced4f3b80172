import type { FailureStage } from '../failure.ts';
import type { RuleBudget } from '../rule-budget.ts';
import { plainText } from '../words/plain-text.ts';
import { phraseSimilarity } from '../words/similarity.ts';
import { wordsIn } from '../words/words.ts';
import type { ListEntry } from './list-entries.ts';

/** Texts of which is remembered what is near them: the same ones come again and again. */
const MAX_REMEMBERED = 10_000;

/** By a text as it may be written, the value it stands for; null where it could stand for several. */
type Names = Map<string, string | null>;

function add(names: Names, key: string, value: string): void {
  const known = names.get(key);
  if (key !== '') names.set(key, known === undefined || known === value ? value : null);
}

/** Case, width, diacritics and how many blanks there are say nothing. */
const folded = (text: string): string => plainText(text).trim().replace(/\s+/g, ' ');

const BETWEEN = /(?<=[\p{L}\p{M}])[\s.,;:'’_/–-]+(?=[\p{L}\p{N}])|(?<=\p{N})[\s.,;:'’_/–-]+(?=\p{L})/gu;
const AT_END = /[.,;:]+$/;

/** And so do points and strokes between words; those between figures, and other signs, make something else of them. */
const spaced = (text: string): string => text.replace(BETWEEN, ' ').replace(AT_END, '');

/** `A+` is not near `A`, however near their words are. */
const NOTHING_BUT_WORDS = /^[\p{L}\p{M}\p{N}]+(?: [\p{L}\p{M}\p{N}]+)*$/u;

/** What is nearest to a text; null where that is several values, or nothing. */
interface Near {
  readonly value: string | null;
  readonly similarity: number;
}

interface Phrase {
  readonly words: readonly string[];
  readonly value: string;
}

/** The values of a list, found by themselves and by their synonyms, however those are written. */
export class ValueList {
  readonly #exact: Names = new Map();
  readonly #folded: Names = new Map();
  readonly #words: Names = new Map();
  /** Phrases by the first letter of their first word: where that differs, no two are near. */
  #byLetter: Map<string, Phrase[]> | undefined;
  readonly #remembered = new Map<string, Near>();

  constructor(entries: Iterable<ListEntry>) {
    for (const [value = '', ...synonyms] of entries) {
      for (const text of [value, ...synonyms]) {
        add(this.#exact, text, value);
        const plain = folded(text);
        add(this.#folded, plain, value);
        add(this.#words, spaced(plain), value);
      }
    }
  }

  /**
   * The value that a text stands for: as it is, then without regard to case and diacritics, then to what stands
   * between its words. Null where it stands for none, or for several.
   */
  find(text: string): string | null {
    const exact = this.#exact.get(text);
    if (exact !== undefined) return exact;
    const plain = folded(text);
    return this.#folded.get(plain) ?? this.#words.get(spaced(plain)) ?? null;
  }

  /** The one value that is nearest to a text, and at least so near; null where none is, or where two are. */
  nearest(text: string, similarity: number, budget: RuleBudget, stage: FailureStage): string | null {
    const key = spaced(folded(text));
    const remembered = this.#remembered.get(key);
    const best = remembered ?? this.#nearest(key, budget, stage);
    if (remembered === undefined && this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(key, best);
    return best.similarity >= similarity ? best.value : null;
  }

  #nearest(key: string, budget: RuleBudget, stage: FailureStage): Near {
    if (!NOTHING_BUT_WORDS.test(key)) return { value: null, similarity: 0 };
    const words = wordsIn(key);
    const spend = (steps: number): void => budget.spend(steps, stage);
    const initials = new Set(words.map((word) => word.charAt(0)));
    let best: Near = { value: null, similarity: 0 };
    for (const letter of initials) {
      for (const { words: wanted, value } of this.#phrases().get(letter) ?? []) {
        // Word by word, each must meet one that begins as it does.
        if (wanted.length === words.length && !wanted.every((word) => initials.has(word.charAt(0)))) continue;
        const similarity = phraseSimilarity(words, wanted, spend);
        if (similarity === 0 || similarity < best.similarity) continue;
        const isTie = similarity === best.similarity && value !== best.value;
        best = { value: isTie ? null : value, similarity };
      }
    }
    return best;
  }

  #phrases(): Map<string, Phrase[]> {
    if (this.#byLetter !== undefined) return this.#byLetter;
    const byLetter = new Map<string, Phrase[]>();
    for (const [key, value] of this.#words) {
      if (value === null || !NOTHING_BUT_WORDS.test(key)) continue;
      const letter = key.charAt(0);
      const phrases = byLetter.get(letter) ?? [];
      phrases.push({ words: wordsIn(key), value });
      byLetter.set(letter, phrases);
    }
    this.#byLetter = byLetter;
    return byLetter;
  }
}
