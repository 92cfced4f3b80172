import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { localTasks } from '../../bin/local-tasks.ts';
import { bundleTasks, type TaskModules } from '../../lib/adapters/local/workers/bundle-tasks.ts';

let bundled: Promise<TaskModules> | undefined;

/**
 * What worker threads run, bundled once for all platforms of this process. Packages are in the bundles, too: that
 * takes longer once, and a worker, of which each platform starts its own, is ready in a third of the time.
 */
export function bundledTasks(): Promise<TaskModules> {
  bundled ??= localTasks().then((modules) => bundleWhole(modules, join(tmpdir(), `tasks-${process.pid}`)));
  return bundled;
}

async function bundleWhole(modules: TaskModules, outdir: string): Promise<TaskModules> {
  const { document, functions, callFunction } = modules;
  const sources = [...Object.values(document), ...Object.values(functions), callFunction];
  const { metafile } = await build({
    entryPoints: sources.map((source) => fileURLToPath(source)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    // CommonJS packages in a bundle still call `require` for Node's own modules.
    banner: {
      js: "import{createRequire as createBundleRequire}from'node:module';const require=createBundleRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'error',
  });
  const bundles = new Map(
    Object.entries(metafile.outputs).map(([output, { entryPoint = '' }]) => [
      resolve(entryPoint),
      pathToFileURL(resolve(output)),
    ]),
  );
  const bundleOf = (source: URL): URL => bundles.get(fileURLToPath(source)) ?? source;
  const bundlesOf = (named: Readonly<Record<string, URL>>): Record<string, URL> =>
    Object.fromEntries(Object.entries(named).map(([name, source]) => [name, bundleOf(source)]));
  return {
    document: bundlesOf(document),
    functions: bundlesOf(functions),
    callFunction: bundleOf(callFunction),
  };
}

/** One module as worker threads can read it. */
export async function bundledTask(module: URL): Promise<URL> {
  const folder = join(tmpdir(), `task-${process.pid}`);
  const { callFunction } = await bundleTasks({ document: {}, functions: {}, callFunction: module }, folder);
  return callFunction;
}
