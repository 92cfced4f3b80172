import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LANES = [
  'vitest.config.ts',
  'test/long-lane/vitest.config.ts',
  'test/aws-lane/vitest.config.ts',
  'test/browser/vitest.config.ts',
];

/** The folders of `test/{a,b}/**` and the like; what a lane leaves out again is named by its file. */
async function foldersOf(lane: string): Promise<string[]> {
  const text = await readFile(`${ROOT}${lane}`, 'utf8');
  return [...text.matchAll(/'test\/(?:\{([\w,-]+)\}|([\w-]+))\/\*\*/g)].flatMap(([, several, one]) =>
    (several ?? one ?? '').split(','),
  );
}

it('every folder of tests belongs to a lane, or nobody would run them', async () => {
  const run = new Set((await Promise.all(LANES.map(foldersOf))).flat());
  const files = await readdir(`${ROOT}test`, { recursive: true });
  const folders = files.filter((file) => file.endsWith('.test.ts')).map((file) => file.split('/')[0] ?? '');

  expect([...new Set(folders)].filter((folder) => !run.has(folder))).toEqual([]);
});
