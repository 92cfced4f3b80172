import type { Seen } from './seen.ts';

/** `problem`: something does not work. `warn`: something will not, one day. */
export type Level = 'ok' | 'warn' | 'problem';

export interface Finding {
  level: Level;
  sentence: string;
  /** What to do about it. */
  remedy?: string;
  /** What is about to be deployed cannot be. */
  isFatal?: true;
}

export const ok = (sentence: string): Finding => ({ level: 'ok', sentence });
export const warn = (sentence: string, remedy: string): Finding => ({ level: 'warn', sentence, remedy });
export const problem = (sentence: string, remedy: string): Finding => ({
  level: 'problem',
  sentence,
  remedy,
});

/** What could not be seen says for itself why, and what to do. */
export const unless = <Value>(
  seen: Seen<Value>,
  about: (value: Value) => Finding[],
  level: Level = 'problem',
) => ('fault' in seen ? [{ level, sentence: seen.fault }] : about(seen.value));

/** As it is printed: what is to be done about it stands under it. */
export const report = ({ level, sentence, remedy }: Finding): string =>
  `${level.padEnd(7)}  ${sentence}${remedy === undefined ? '' : `\n${' '.repeat(9)}${remedy}`}`;
