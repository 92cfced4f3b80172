import { RE2JS } from 're2js';

/** Characters a regular expression of a configuration may have; real ones are far shorter. */
export const MAX_PATTERN_CHARACTERS = 500;

// Counted repetitions multiply a short pattern into a large program, and matching takes its size per character.
const MAX_PROGRAM_SIZE = 1_000;

/**
 * Compiles a regular expression that runs in time linear to its input (RE2 syntax: no look-around and no
 * back-references). Throws an Error whose message says what is wrong with it.
 */
export function compilePattern(source: string): RE2JS {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    throw new Error(`must have at most ${MAX_PATTERN_CHARACTERS} characters`);
  }
  const pattern = RE2JS.compile(source);
  if (pattern.programSize() > MAX_PROGRAM_SIZE) throw new Error('is too complex');
  return pattern;
}

/** What is wrong with a pattern, or nothing. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'is not a regular expression';
  }
}
