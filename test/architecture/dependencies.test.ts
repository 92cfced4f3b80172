import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const { dependencies, devDependencies, engines } = JSON.parse(
  await readFile(join(ROOT, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'devDependencies' | 'engines', Record<string, string>>;

/** What is imported, and whether only the compiler asks for it. */
interface Imported {
  file: string;
  name: string;
  isType: boolean;
}

const IMPORTS = [
  /^(?:import|export)\s+(?<type>type\s)?[^;']*?from\s+'(?<from>[^']+)'/gm,
  /^import\s+(?<type>)'(?<from>[^']+)'/gm,
  /\b(?:import|\.resolve)\((?<type>)'(?<from>[^']+)'\)/g,
];

/** Of `@scope/name/part` the package is `@scope/name`. */
const packageOf = (from: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;

const isPackage = (from: string): boolean =>
  !from.startsWith('.') && !from.startsWith('node:') && !builtinModules.includes(from);

async function importsOf(file: string): Promise<Imported[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  return IMPORTS.flatMap((form) => [...text.matchAll(form)]).flatMap(({ groups }) => {
    const { from = '', type } = groups ?? {};
    if (!isPackage(from)) return [];
    return [{ file, name: packageOf(from), isType: type !== undefined && type !== '' }];
  });
}

/** Programs of other people's clients: what they import is installed apart from ours, by the lane. */
const JOURNEYS = join('test', 'clients-lane', 'journeys');

async function importedBy(folders: readonly string[]): Promise<Imported[]> {
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true }))
        .filter((name) => /\.m?ts$|\.mjs$/.test(name))
        .map((name) => join(folder, name))
        .filter((name) => !name.startsWith(JOURNEYS)),
    ),
  );
  return (await Promise.all(files.flat().map(importsOf))).flat();
}

/** Types may come from a package of their own. */
const isListed = (name: string, listed: object): boolean =>
  name in listed || `@types/${name.replace(/^@/, '').replace('/', '__')}` in listed;

const missing = (imported: readonly Imported[], listed: object): string[] =>
  imported.filter(({ name }) => !isListed(name, listed)).map(({ file, name }) => `${file} → ${name}`);

describe('packages', () => {
  const all = { ...dependencies, ...devDependencies };

  it('that run with the platform are dependencies', async () => {
    const imported = await importedBy(['lib', 'lambdas', 'bin']);

    expect(imported.length).toBeGreaterThan(100);
    expect(
      missing(
        imported.filter(({ isType }) => !isType),
        dependencies,
      ),
    ).toEqual([]);
    expect(missing(imported, all)).toEqual([]);
  });

  it('that tests and scripts import are listed', async () => {
    expect(missing(await importedBy(['test', 'scripts']), all)).toEqual([]);
  });

  it('admit the oldest Node that we promise', async () => {
    const oldest = /^>=(\d+)\./.exec(engines.node ?? '')?.[1] ?? '';
    const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { engines?: { node?: string }; optional?: boolean }>;
    };
    const younger = Object.entries(packages).flatMap(([path, { engines: asked, optional }]) => {
      const lowest = (asked?.node ?? '*').split('||').map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
      return optional === true || Math.min(...lowest) <= Number(oldest)
        ? []
        : [`${path} asks ${asked?.node}`];
    });

    expect(oldest).toMatch(/^\d+$/);
    expect(younger).toEqual([]);
  });
});
