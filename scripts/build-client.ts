import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Builds the package `runplane-client` into `dist/runplane-client`, or into the folder that is named: what
 * `npm publish` and `npm install <folder>` take.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'lib/client');
const target = resolve(process.argv[2] ?? join(ROOT, 'dist/runplane-client'));

await mkdir(target, { recursive: true });
await removeBuilt();
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
await promisify(execFile)(process.execPath, [tsc, '--project', SOURCE, '--outDir', target]);
await nameDeclarations();
await copyFile(join(SOURCE, 'README.md'), join(target, 'README.md'));
await writePackage();
process.stdout.write(`${target}\n`);

/** What an earlier build left of modules that are no more. */
async function removeBuilt(): Promise<void> {
  const built = (await readdir(target)).filter((name) => /\.(js|d\.ts)$/.test(name));
  await Promise.all(built.map((name) => rm(join(target, name))));
}

/** The compiler gives imports the ending `.js` in programs, and leaves `.ts` in declarations. */
async function nameDeclarations(): Promise<void> {
  for (const name of (await readdir(target)).filter((file) => file.endsWith('.d.ts'))) {
    const text = await readFile(join(target, name), 'utf8');
    await writeFile(join(target, name), text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
  }
}

/** The client has the version of the platform whose document it was made from. */
async function writePackage(): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const described = JSON.parse(await readFile(join(SOURCE, 'package.json'), 'utf8'));
  await writeFile(join(target, 'package.json'), `${JSON.stringify({ ...described, version }, null, 2)}\n`);
}
