import type { Logger } from '../../apis/platform.ts';

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

function show(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === 'string' ? value : JSON.stringify(value);
  const cause = value.cause === undefined ? '' : ` caused by ${show(value.cause)}`;
  return `${value.stack ?? value.message}${cause}`;
}
