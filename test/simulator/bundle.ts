import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** As deep below the root as the sources are, whose own addresses lead to files that they read. */
const FOLDER = join(ROOT, 'node_modules', '.simulator');
const ROOMS = ['agent-run', 'process-runs', 'reference', 'thread-runs', 'workspace-runs'];

/** What is imported by a name that is made when it runs, imported by its name. */
const routesByName: Plugin = {
  name: 'routes-by-name',
  setup: ({ onLoad }) => {
    onLoad({ filter: /simulator\/routes\.ts$/ }, async () => {
      const entries = await Promise.all(
        ROOMS.map(async (room) =>
          (await readdir(join(ROOT, 'lambdas', room))).map((file) => join(room, file)),
        ),
      );
      const files = entries.flat().toSorted();
      const imports = files.map(
        (file, no) => `import { handler as _${no} } from ${JSON.stringify(join(ROOT, 'lambdas', file))};`,
      );
      const routes = `export const ROUTES = [${files.map((_, no) => `_${no}.route`).join(', ')}];`;
      return { contents: [...imports, routes].join('\n'), loader: 'ts', resolveDir: ROOT };
    });
  },
};

/**
 * Writes the simulator as one file of JavaScript, and says where. Where TypeScript is compiled as it is imported,
 * by a thread of its own, each import takes a time that no seed decides.
 */
export async function bundleSimulator(name: string): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.mjs`);
  await build({
    entryPoints: [join(ROOT, 'test/simulator/main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    plugins: [routesByName],
    logLevel: 'error',
  });
  return file;
}
