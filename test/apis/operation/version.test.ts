import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { VERSION } from '../../../lib/apis/operation/version.ts';

it("the platform's version is its package's", async () => {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');

  expect(JSON.parse(text).version).toBe(VERSION);
});
