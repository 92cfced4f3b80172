import { appendFileSync } from 'node:fs';
import { describeError } from '../../apis/log/log-lines.ts';
import type { Logger } from '../../apis/log/ports.ts';

const LEVELS = ['error', 'warn', 'info'] as const;
export type ConsoleLevel = (typeof LEVELS)[number];

/** One line per entry on standard error, from the given level up; standard output is left to the user. */
export function consoleLogger(lowest: ConsoleLevel = 'warn'): Logger {
  const write =
    (level: ConsoleLevel): Logger['info'] =>
    (message, fields = {}) => {
      if (LEVELS.indexOf(level) > LEVELS.indexOf(lowest)) return;
      const details = Object.entries(fields).map(([name, value]) => ` ${name}=${show(value)}`);
      process.stderr.write(`${new Date().toISOString()} ${level} ${message}${details.join('')}\n`);
    };
  return { error: write('error'), warn: write('warn'), info: write('info') };
}

/** The lines as functions on AWS write them: one JSON object each, at the end of a file. */
export function fileLogger(file: string, lowest: ConsoleLevel = 'info'): Logger {
  const write =
    (level: ConsoleLevel): Logger['info'] =>
    (message, fields = {}) => {
      if (LEVELS.indexOf(level) > LEVELS.indexOf(lowest)) return;
      const line = { level: level.toUpperCase(), message, timestamp: new Date().toISOString(), ...fields };
      const text = JSON.stringify(line, (_name, value: unknown) =>
        value instanceof Error ? describeError(value) : value,
      );
      // At once and whole: worker threads append to the same file.
      appendFileSync(file, `${text}\n`);
    };
  return { error: write('error'), warn: write('warn'), info: write('info') };
}

function show(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === 'string' ? value : JSON.stringify(value);
  const cause = value.cause === undefined ? '' : ` caused by ${show(value.cause)}`;
  return `${value.stack ?? value.message}${cause}`;
}
