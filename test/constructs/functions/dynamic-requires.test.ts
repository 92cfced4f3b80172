import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { bundleOptions, ROOT } from '../../../lib/constructs/functions/bundle.ts';
import { allNeeds } from '../../../lib/constructs/functions/needs.ts';

const run = promisify(execFile);

let folder: string;
let installed: ReadonlySet<string>;
beforeAll(async () => {
  // Outside of the repository: no folder above it has packages.
  folder = await realpath(await mkdtemp(join(tmpdir(), 'runplane-bundles-')));
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  installed = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What code asks Node for by name when it runs: by `require`, or by any function when the name is a package's. */
function asked(code: string): string[] {
  // Within brackets it is a sentence of the SDK about what its reader could install; a method takes other names.
  const calls = code.matchAll(/(?<![[.])\b([\w$]+)\(\s*["'`]([@\w][\w./:@-]*)["'`]\s*\)/g);
  return [...calls].flatMap(([, name = '', target = '']) => {
    const isPackage = installed.has(
      target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/'),
    );
    return (name === 'require' || name === 'import' || isPackage) && !isBuiltin(target) ? [target] : [];
  });
}

/** In a process of its own, whose modules find nothing but what is beside them. */
const execute = (script: string) =>
  run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, env: { PATH: '' } });

describe('a bundle where no package is installed', () => {
  it('finds dynamic requires, as it should', () => {
    const code = 'createRequire(x)("undici");r("undici");require("left-pad");require("node:fs");f("dns")';

    expect(asked(code)).toEqual(['undici', 'left-pad']);
  });

  it('asks for no package when it runs, and can be imported whole', async () => {
    // All at once, as far as they share code: what one of them would ask for is in one of the files.
    const entryPoints = allNeeds(operations).map(({ entry }) => entry);
    const outdir = join(folder, 'all');
    await build({ ...bundleOptions('', outdir), entryPoints, outbase: ROOT });
    const files = (await readdir(outdir, { recursive: true })).filter((file) => file.endsWith('.mjs'));
    for (const file of files) expect(asked(await readFile(join(outdir, file), 'utf8')), file).toEqual([]);
    const imports = files.map((file) => `await import(${JSON.stringify(join(outdir, file))});`).join('\n');

    await expect(execute(imports)).resolves.toMatchObject({ stderr: '' });
  });

  it('gets as far as the address of a picture', async () => {
    const outdir = join(folder, 'pictures');
    await build(bundleOptions('test/constructs/functions/picture-entry.ts', outdir));
    const script = `
      const { fetchPictures } = await import(${JSON.stringify(join(outdir, 'index.mjs'))});
      console.log(JSON.stringify(await fetchPictures('https://127.0.0.1:1/a.png')));`;

    const { stdout } = await execute(script);

    expect(JSON.parse(stdout)).toEqual(['AddressRefused', 'AddressRefused']);
  });
});
