import type { Round } from './mutants.ts';
import type { Mutation } from './mutations.ts';

export interface Verdict {
  isGood: boolean;
  text: string;
}

/** Of a failure, what names it stands at its beginning. */
const SHOWN_CHARACTERS = 240;

/** That an act of travellers did not hold is said of those that failed in it. */
const SUM = /^FAIL [\w-]+: [\w-]+ held$/;

/**
 * One verdict for each mutant: some check failed and named it, or none did. And one for each failure that is of none
 * of them, but where a step is wrong: what waits for it fails as well.
 * @param lines of the checks.
 */
export function judge(
  { mutations, found }: Pick<Round, 'mutations' | 'found'>,
  lines: readonly string[],
): Verdict[] {
  const failures = lines.filter((line) => line.startsWith('FAIL ') && !SUM.test(line));
  const ofMutants = mutations.map((mutation): Verdict => {
    const line = failures.find((failure) => namesAll(failure, mutation));
    return line === undefined
      ? { isGood: false, text: `MISSED ${mutation.says}` }
      : { isGood: true, text: `caught ${mutation.says}: ${line.slice(0, SHOWN_CHARACTERS)}` };
  });
  const innocent = failures.filter((line) => !mutations.some((mutation) => namesAll(line, mutation)));
  if (found.by === 'steps') return ofMutants;
  return [...ofMutants, ...innocent.map((line) => ({ isGood: false, text: `WITHOUT CAUSE ${line}` }))];
}

/** Whole words and whole paths: `GetRunInput` is not `GetRun`, nor is `GET /runs/{run_id}` `GET /runs`. */
const namesAll = (line: string, { culprits }: Mutation): boolean =>
  culprits.every((word) => new RegExp(`(?<!\\w)${word.replace(/[^\w ]/g, '\\$&')}(?![\\w/])`).test(line));
