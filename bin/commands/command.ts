import type { ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Command {
  /** As it is typed, after `runplane`. */
  usage: string;
  options: Options;
  /** What was done, for programs and in a sentence. */
  act(values: Values): Promise<{ result: unknown; sentence: string }>;
}

/** What every command takes. */
export const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options;

/** Something that the operator can do something about: one sentence, no stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The text of an option. @throws Complaint when it was not given. */
export function required(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new Complaint(`--${name} is missing.`, 2);
  return value;
}
