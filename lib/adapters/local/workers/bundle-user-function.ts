import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Plugin, ResolveResult } from 'esbuild';

/** A function of a user that cannot be read; a sentence for whoever wrote it. */
export class UnreadableFunction extends Error {
  override readonly name = 'UnreadableFunction';
}

/** What Lambda's runtime brings along, and so do we. */
const BROUGHT = /^@aws-sdk\//;
/** Says that a path comes from this plugin, which must not be asked again. */
const ASKED = { isAsked: true };

/** Packages are read from where the user's folder has them; the SDK from ours where it has none. */
const packagesOfTheUser: Plugin = {
  name: 'packages-of-the-user',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === ASKED) return undefined;
      const found: ResolveResult = await resolve(path, { kind, resolveDir, pluginData: ASKED });
      const isMissing = found.errors.length > 0;
      if (isMissing && BROUGHT.test(path)) return { path: import.meta.resolve(path), external: true };
      if (isMissing || found.external || found.namespace !== 'file') return found;
      // Links of a package manager's are followed; a part of a workspace that is TypeScript is bundled.
      if (/\.[cm]?tsx?$/.test(found.path)) return found;
      const isRequired = kind === 'require-call' || kind === 'require-resolve';
      return { path: isRequired ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};

/**
 * Writes a user's function, with what it imports of its own, into `folder` as one module. What it is called
 * follows from its content, so that a thread that has read one version reads the next one too.
 * @throws UnreadableFunction with the place in the source
 */
export async function bundleUserFunction(file: string, folder: string): Promise<URL> {
  const { build } = await import('esbuild');
  const url = JSON.stringify(pathToFileURL(file).href);
  const made = await build({
    entryPoints: [file],
    write: false,
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    plugins: [packagesOfTheUser],
    banner: {
      js: `import { createRequire as createRequireOfThis } from 'node:module';const require = createRequireOfThis(${url});`,
    },
    // Files that lie beside it are looked for where it lies, not where the bundle does.
    define: {
      'import.meta.url': url,
      __filename: JSON.stringify(file),
      __dirname: JSON.stringify(dirname(file)),
    },
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new UnreadableFunction(`${file} cannot be read: ${sentenceOf(error)}`, { cause: error });
  });
  const [output] = made.outputFiles;
  if (output === undefined) throw new UnreadableFunction(`${file} cannot be read: nothing came of it.`);
  const hash = createHash('sha256').update(output.contents).digest('hex').slice(0, 16);
  const bundle = join(folder, `${basename(file).replace(/\.\w+$/, '')}-${hash}.mjs`);
  const isThere = await access(bundle).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(folder, { recursive: true });
    await writeFile(bundle, output.contents);
  }
  return pathToFileURL(bundle);
}

function sentenceOf(error: unknown): string {
  const [first] = (Object(error) as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) return error instanceof Error ? error.message : String(error);
  const { text, location } = first;
  return location === null ? text : `${text} (line ${location.line}, column ${location.column + 1})`;
}
