import { describe, expect, it } from 'vitest';
import { rowsOf } from '../support/process.ts';

const filled = (unit: string, bytes = 1024 * 1024): string => unit.repeat(Math.floor(bytes / unit.length));

/** Seconds of CPU that reading takes; a machine that does other things beside it makes no difference. */
async function secondsOf(text: string): Promise<number> {
  const before = process.cpuUsage();
  await rowsOf('a.csv', Buffer.from(text)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'too_large')) throw error;
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const pairs = Array.from({ length: 20_000 }, (_, at) =>
  String.fromCharCode(0x2190 + (at % 300), 0x2190 + Math.floor(at / 300)),
);

describe('texts made to take long', () => {
  // Read again and again where it is done carelessly, each of these takes minutes; else about a second.
  it.each<[string, string]>([
    ['fields whose quotes never end', filled('"a"b\n')],
    ['fields whose quotes never end, behind backslashes', filled('"\\"x,"\\"y\n')],
    ['fields whose quotes end far below', `${filled('"a"b,c\n')}"`],
    [
      'quotes that open on every line and chain',
      filled('b,c,d\n', 3000) + filled(`${'b",c,"d\n'.repeat(7000)}x",y,z\n`),
    ],
    ['a field of quotes alone', `"${filled('""', 8 * 1024 * 1024)}"`],
    ['rows that repeat, with quotes that end nowhere', `a,b\n${filled('1,"x\\"y\n', 6 * 1024 * 1024)}`],
    ['apostrophes behind commas in one line', filled(",'")],
    ['signs that could all be delimiters', pairs.join('a')],
  ])(
    '%s',
    async (_, text) => {
      expect(await secondsOf(text)).toBeLessThan(10);
    },
    60_000,
  );
});
