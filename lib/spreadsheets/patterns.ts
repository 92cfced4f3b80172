import type { RE2JS } from 're2js';
import type { FailureStage } from './failure.ts';
import { MAX_CELL_CHARACTERS } from './limits.ts';
import type { RuleBudget } from './rule-budget.ts';

/** Characters a regular expression of a configuration may have; real ones are far shorter. */
export const MAX_PATTERN_CHARACTERS = 500;

// Counted repetitions multiply a short pattern into a large program, and matching takes its size per character.
const MAX_PROGRAM_SIZE = 1_000;

let engine: typeof RE2JS | undefined;

/** Loads what runs regular expressions. It is large, and most configurations have none: see `usesPatterns`. */
export async function loadPatterns(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

/** Whether a definition, valid or not, has regular expressions: every one is a member `pattern` or `matches`. */
export const usesPatterns = (definition: unknown): boolean =>
  /"(?:pattern|matches)"/.test(JSON.stringify(definition) ?? '');

/**
 * Compiles a regular expression that runs in time linear to its input (RE2 syntax: no look-around and no
 * back-references), once `loadPatterns` is done. Throws an Error whose message says what is wrong with it.
 */
export function compilePattern(source: string): RE2JS {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    throw new Error(`must have at most ${MAX_PATTERN_CHARACTERS} characters`);
  }
  if (engine === undefined) throw new TypeError('loadPatterns must be done before patterns are compiled');
  const pattern = engine.compile(source);
  if (pattern.programSize() > MAX_PROGRAM_SIZE) throw new Error('is too complex');
  return pattern;
}

/** What is wrong with a pattern, or nothing. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof TypeError || !(error instanceof Error)) throw error;
    return error.message;
  }
}

/** A regular expression that looks at the texts of one workbook. */
export class Pattern {
  readonly #regex: RE2JS;
  readonly #instructions: number;
  readonly #budget: RuleBudget;
  readonly #stage: FailureStage;

  constructor(source: string, budget: RuleBudget, stage: FailureStage) {
    this.#regex = compilePattern(source);
    this.#instructions = this.#regex.programSize();
    this.#budget = budget;
    this.#stage = stage;
  }

  /** Whether the text as a whole is what the pattern describes. */
  matches(text: string): boolean {
    this.#spend(text);
    return this.#regex.matches(text);
  }

  isIn(text: string): boolean {
    this.#spend(text);
    return this.#regex.matcher(text).find();
  }

  /** The text with every match replaced, cut at what a cell can show: steps must not make it grow without end. */
  replace(text: string, by: string): string {
    this.#spend(text);
    return this.#regex.matcher(text).replaceAll(by).slice(0, MAX_CELL_CHARACTERS);
  }

  #spend({ length }: string): void {
    this.#budget.spend((1 + length) * this.#instructions, this.#stage);
  }
}
