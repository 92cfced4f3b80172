import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { operations } from '../lib/apis/index.ts';
import { openApiDocument } from '../lib/apis/operation/openapi.ts';
import { VERSION } from '../lib/apis/operation/version.ts';
import { clientTypes } from './client-types.ts';

/**
 * `npm run generate` writes what follows from the operations: their description and the client's types.
 * With `--check` it only says whether they are as they would be written, which `npm run check` asks.
 */
const document = openApiDocument(operations, { version: VERSION });
const FILES: Record<string, string> = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'lib/client/types.ts': await clientTypes(document, operations),
};

const at = (file: string): URL => new URL(`../${file}`, import.meta.url);
const stale: string[] = [];
for (const [file, text] of Object.entries(FILES)) {
  if (existsSync(at(file)) && (await readFile(at(file), 'utf8')) === text) continue;
  stale.push(file);
  if (!process.argv.includes('--check')) await writeFile(at(file), text);
}

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`${stale.join(' and ')} no longer follow from the operations. Run: npm run generate`);
  process.exitCode = 1;
} else
  console.log(stale.length === 0 ? 'Everything generated is up to date.' : `Wrote ${stale.join(' and ')}.`);
