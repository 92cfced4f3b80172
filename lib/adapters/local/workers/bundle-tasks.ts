import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** The modules that run in worker threads. */
export interface TaskModules {
  /** By the name of the task state of `document-run`. */
  document: Readonly<Record<string, URL>>;
  /** Functions that workflows may call, by the names they call them by, and the module that calls them. */
  functions: Readonly<Record<string, URL>>;
  callFunction: URL;
}

/** Our own code is read from the bundle, packages from where they are installed: they are JavaScript already. */
const packagesByAddress: Plugin = {
  name: 'packages-by-address',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: import.meta.resolve(path), external: true },
    );
  },
};

/**
 * Writes what worker threads run into `folder` as JavaScript, a file for each module, and names those files.
 * A thread that compiled each of some hundred modules as it is asked for would keep its first task waiting
 * for seconds; in one go it is a tenth of a second. What is JavaScript already is taken as it is.
 */
export async function bundleTasks(
  { document, functions, callFunction }: TaskModules,
  folder: string,
): Promise<TaskModules> {
  const modules = [...Object.values(document), ...Object.values(functions), callFunction];
  const bundled = await bundle(
    modules.filter(isTypeScript).map((module) => fileURLToPath(module)),
    folder,
  );
  const toJavaScript = (module: URL): URL => bundled.get(fileURLToPath(module)) ?? module;
  const allToJavaScript = (named: Readonly<Record<string, URL>>): Record<string, URL> =>
    Object.fromEntries(Object.entries(named).map(([name, module]) => [name, toJavaScript(module)]));
  return {
    document: allToJavaScript(document),
    functions: allToJavaScript(functions),
    callFunction: toJavaScript(callFunction),
  };
}

const isTypeScript = ({ pathname }: URL): boolean => pathname.endsWith('.ts');

/** The bundles by their sources. */
async function bundle(sources: string[], folder: string): Promise<Map<string, URL>> {
  if (sources.length === 0) return new Map();
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: sources,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [packagesByAddress],
    metafile: true,
    logLevel: 'silent',
  });
  return new Map(
    Object.entries(metafile.outputs).map(([output, { entryPoint = '' }]) => [
      resolve(entryPoint),
      pathToFileURL(resolve(output)),
    ]),
  );
}
