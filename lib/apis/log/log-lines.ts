import type { Logger } from './ports.ts';

export type Fields = Record<string, unknown>;

/** Messages of lines that are more than read: metrics are made of them. */
export const LINES = {
  runCreated: 'run created',
  runEnded: 'run ended',
  pastLease: 'runs past their lease',
} as const;

/** The same log, with these fields in each of its lines. */
export function logWith(logger: Logger, fields: Fields): Logger {
  const line =
    (level: keyof Logger): Logger['info'] =>
    (message, more) =>
      logger[level](message, { ...fields, ...more });
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

/**
 * The same error with nothing to be seen of it but its name, its message and its stack. Lambda writes what a
 * function throws into the log with every member that it has, and errors carry records and requests.
 */
export function bare(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  for (const name of Object.keys(error)) Object.defineProperty(error, name, { enumerable: false });
  return error;
}

/** How many errors deep a line goes: one that wraps another is usual, more than two are rare. */
const MAX_CAUSES = 5;

/** What a line tells of an error, and no more, for the same reason: what it is, where it was, what led to it. */
export function describeError(error: Error, depth = MAX_CAUSES): Fields {
  const { name, cause, message } = error;
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [cause];
  const causes = depth === 0 ? [] : inner.filter((one) => one instanceof Error);
  return {
    name,
    ...(quotes(error) ? {} : { message }),
    stack: framesOf(error),
    ...(causes.length === 0 ? {} : { causes: causes.map((one) => describeError(one, depth - 1)) }),
  };
}

/** What could not be parsed is quoted in the error that says so, and may be anybody's text. */
const quotes = (error: Error): boolean => error instanceof SyntaxError;

/** The stack without its beginning, which repeats the message. */
const framesOf = ({ stack = '' }: Error): string[] =>
  stack.split('\n').flatMap((line) => (/^ +at /.test(line) ? [line.trim()] : []));
