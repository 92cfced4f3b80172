import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Files are found from where the sources stand; packages, by `import.meta.resolve`, from where the program does. */
const addressesOfSources: Plugin = {
  name: 'addresses-of-sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const address = `(${JSON.stringify(pathToFileURL(path).href)})`;
      const text = await readFile(path, 'utf8');
      const contents = text
        .replaceAll('import.meta.url', address)
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'ts' };
    });
  },
};

const bundled = new Map<string, Promise<string>>();

/**
 * What to give to Node in the place of `--import tsx <source>`: the same program as JavaScript, bundled once for all
 * tests of this process. Node is up with it in a third of the time that it needs with tsx, through which every module
 * goes one by one; that `npm start` and `npx runplane` do as much with tsx is tested once each.
 */
export function programOf(source: string): Promise<string> {
  const known = bundled.get(source) ?? bundle(source);
  bundled.set(source, known);
  return known;
}

async function bundle(source: string): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'program-'));
  await symlink(join(ROOT, 'node_modules'), join(outdir, 'node_modules'), 'junction');
  await build({
    entryPoints: [join(ROOT, source)],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    plugins: [addressesOfSources],
    logLevel: 'error',
  });
  return join(outdir, `${parse(source).name}.mjs`);
}
