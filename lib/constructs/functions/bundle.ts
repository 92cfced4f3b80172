import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';
import type { ShippedFiles } from '../../apis/operation/operation.ts';

/** The repository's root: entries and definitions are named relative to it. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/**
 * How code is bundled for Lambda: by `PlatformFunction`, and just so by the bundle tests and
 * `scripts/bench-bundles.ts`, so that what is measured is what is deployed.
 *
 * - The SDK is bundled: it imports 2.3 × faster than the runtime's own copy, and is the version we tested.
 * - `module` comes before `main`, because only ES modules can be shaken: lib-dynamodb is 338 KB instead of 535.
 * - No source maps: they are 1.6 × the code, and Node, once told to use them, reads them at every start. A
 *   stack is read with the map that these options and `sourcemap` make of the same commit.
 */
export const BUNDLE = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': join(ROOT, 'lib/adapters/aws/bundled/lambda-credentials.ts'),
    '@ai-sdk/provider-utils': join(ROOT, 'lib/adapters/aws/bundled/lambda-provider-utils.ts'),
    'mnemonist/lru-cache': join(ROOT, 'lib/adapters/aws/bundled/lambda-lru-cache.ts'),
  },
  // CommonJS packages in a bundle still call `require` for Node's own modules.
  banner: {
    js: "import{createRequire as createBundleRequire}from'node:module';const require=createBundleRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** A function's bundle. What it imports on demand (SheetJS, for legacy formats) becomes a file of its own. */
export const bundleOptions = (entry: string, outdir: string) =>
  ({
    ...BUNDLE,
    mainFields: [...BUNDLE.mainFields],
    absWorkingDir: ROOT,
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    logLevel: 'error',
  }) satisfies BuildOptions;

export function copyFiles({ from, to, names }: ShippedFiles, outdir: string): void {
  for (const name of names) cpSync(join(ROOT, from, name), join(outdir, to, name), { recursive: true });
}

type Output = Metafile['outputs'][string];

/** The files of a bundle that are read before the function answers anything: not those loaded on demand. */
export function importedAtOnce({ outputs }: Metafile): Output[] {
  const [start] = Object.keys(outputs).filter((path) => path.endsWith('index.mjs'));
  const found = new Map<string, Output>();
  const open = start === undefined ? [] : [start];
  for (const path of open) {
    const output = outputs[path];
    if (output === undefined || found.has(path)) continue;
    found.set(path, output);
    open.push(...output.imports.filter(({ kind }) => kind === 'import-statement').map((file) => file.path));
  }
  return [...found.values()];
}

export const kilobytes = (outputs: readonly Output[]): number =>
  outputs.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
