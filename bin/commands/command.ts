import type { ParseArgsConfig } from 'node:util';
import type { Account, AccountChoice } from '../../lib/adapters/aws/account.ts';
import { listed } from './print.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Command {
  /** As it is typed, after `runplane`. */
  usage: string;
  /** What it does, in a line. */
  summary: string;
  /** What else there is to know before one types it. */
  notes?: string;
  options: Options;
  /** The name under which `act` finds what is typed without an option's name, if anything may be. */
  argument?: string;
  /** There may be several of them: `act` finds a list. */
  isRepeated?: boolean;
  act(values: Values, terminal: Terminal): Promise<Outcome>;
}

/** What was done, for programs and in a sentence. */
export interface Outcome {
  /** Undefined where everything was written already. */
  result: unknown;
  sentence: string;
  /** 0 unless a command that did its work has bad news. */
  exitCode?: number;
}

/** Where a command was typed. */
export interface Terminal {
  environment: Readonly<Record<string, string | undefined>>;
  /** Whether somebody looks at what is written, or another program reads it. */
  isInteractive: boolean;
  /** Standard output, while the command goes on. What it returns is written for it. */
  write(text: string): void;
  /** Standard error. */
  complain(text: string): void;
  /** From now on Ctrl-C aborts this signal instead of ending the program. */
  interruption(): AbortSignal;
  openAccount(choice: AccountChoice): Account | Promise<Account>;
}

/** What every command takes. */
export const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  stage: { type: 'string' },
  profile: { type: 'string' },
  region: { type: 'string' },
  workspace: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies Options;

/** Something that the operator can do something about: one sentence, no stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  readonly exitCode: number;

  /** 1 when the platform said no or could not be reached, 2 when the command was not understood. */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The text of an option that may be left out; one that is given must say something. */
export function optional(values: Values, name: string): string | undefined {
  const value = values[name];
  if (value === '') throw new Complaint(`--${name} is empty.`, 2);
  return typeof value === 'string' ? value : undefined;
}

/** The text of an option. @throws Complaint when it was not given. */
export const required = (values: Values, name: string): string => mandatory(name, optional(values, name));

/** What was typed without an option's name. @throws Complaint when it was not. */
export function argumentOf(values: Values, name: string): string {
  const value = values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Complaint(`The ${name} is missing: it is typed behind the command.`, 2);
}

/** Everything that was typed without an option's name. @throws Complaint when nothing was. */
export function argumentsOf(values: Values, name: string): string[] {
  const value = values[name];
  const given = Array.isArray(value) ? value.filter((one) => typeof one === 'string' && one !== '') : [];
  if (given.length > 0) return given.map(String);
  throw new Complaint(`The ${name} is missing: it is typed behind the command.`, 2);
}

/** A whole number from an option. @throws Complaint for anything else. */
export function wholeNumber(values: Values, name: string, { max = Number.MAX_SAFE_INTEGER } = {}) {
  const text = optional(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^[1-9]\d*$/.test(text) && value <= max) return value;
  const bounds = max === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${max}`;
  throw new Complaint(`--${name} must be a number ${bounds}, not '${text}'.`, 2);
}

/** An option that takes one of a few words. @throws Complaint for any other. */
export function oneOf<Word extends string>(
  values: Values,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = optional(values, name);
  const known = words.find((word) => word === value);
  if (value === undefined || known !== undefined) return known;
  throw new Complaint(`--${name} must be ${listed(words, 'or')}, not '${value}'.`, 2);
}

/** What must be said. @throws Complaint when it was not. */
export function mandatory<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw new Complaint(`--${name} is missing.`, 2);
  return value;
}

type Given<Members> = {
  [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name];
} & {
  [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >;
};

/** The members that were given a value, so that the platform's own defaults hold for the others. */
export const given = <Members extends object>(members: Members): Given<Members> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<Members>;
