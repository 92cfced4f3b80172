import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const HEADING = "## AWS's limits, and what holds them\n";

/** Limits that tests name: what stands between `AWS allows` and a colon in a title. */
const named = (text: string): string[] =>
  [...text.matchAll(/\b(?:it|describe)(?:\.each\(\w+\))?\(\s*'[^'\n]*?AWS allows ([^:'\n]+):/g)].map(
    ([, limit = '']) => limit,
  );

/** Limits of the table, each with the files that its row links to. */
function rowsOf(document: string): [string, string[]][] {
  const [, section = ''] = document.split(HEADING);
  const [table = ''] = section.split(/^## /m);
  return [...table.matchAll(/^\| (.+?) \| .*\| (.+) \|$/gm)]
    .slice(2) // the table's head
    .map(([, limit = '', links = '']) => [
      limit,
      [...links.matchAll(/\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path).toSorted(),
    ]);
}

const rows = rowsOf(readFileSync(join(ROOT, 'docs/limits.md'), 'utf8'));

const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .flatMap((path) =>
    [...new Set(named(readFileSync(join(ROOT, path), 'utf8')))].map((limit) => ({ limit, path })),
  );

describe("the table of AWS's limits", () => {
  it('names each once', () => {
    const limits = rows.map(([limit]) => limit);

    expect(limits.length).toBeGreaterThan(5);
    expect(new Set(limits).size).toBe(limits.length);
  });

  it.each(rows)('%s: is held by the tests that name it, all of them', (limit, links) => {
    const holding = tests.filter((test) => test.limit === limit).map(({ path }) => path);

    expect(holding.toSorted()).toEqual(links);
    expect(links).not.toEqual([]);
  });

  it('has a row for each limit that a test names', () => {
    const limits = new Set(rows.map(([limit]) => limit));

    expect(tests.filter(({ limit }) => !limits.has(limit))).toEqual([]);
  });
});
