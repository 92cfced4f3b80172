import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isInstalled, run } from './run.ts';

/** Installs once per list of pinned packages. Answers why it was not possible, else undefined. */
async function once(
  folder: string,
  wanted: string,
  install: () => Promise<void>,
  otherwise: string,
): Promise<string | undefined> {
  const stamp = join(folder, 'installed.txt');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return undefined;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await install();
  } catch (cause) {
    return `${otherwise} (${String(cause).split('\n')[0]})`;
  }
  await writeFile(stamp, wanted);
  return undefined;
}

/** Packages of npm with exact versions, beside the repository's own. */
export const npmPackages = (
  folder: string,
  packages: Record<string, string>,
): Promise<string | undefined> => {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: packages }, null, 2);
  return once(
    folder,
    manifest,
    async () => {
      await writeFile(join(folder, 'package.json'), manifest);
      await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
        cwd: folder,
      });
    },
    'its packages cannot be installed from npm',
  );
};

/** Packages of the Python index with exact versions, in a virtual environment of their own. */
export const pythonPackages = async (
  folder: string,
  packages: readonly string[],
): Promise<string | undefined> => {
  const supported = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)';
  if (!isInstalled('python3', '-c', supported)) return 'Python 3.10 or newer with venv is not installed';
  return once(
    folder,
    packages.join('\n'),
    async () => {
      await run('python3', ['-m', 'venv', join(folder, 'venv')]);
      const quickly = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];
      await run(programOf(folder, 'pip'), ['install', ...quickly, ...packages]);
    },
    'its packages cannot be installed from the Python package index',
  );
};

/** A program of the virtual environment. */
export const programOf = (folder: string, name: string): string => join(folder, 'venv', 'bin', name);

const GENERATOR = {
  version: '7.25.0',
  sha256: '41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae',
};
const CENTRAL = 'https://repo.maven.apache.org/maven2/org/openapitools/openapi-generator-cli';
export const GENERATOR_JAR = `.cache/clients/openapi-generator-cli-${GENERATOR.version}.jar`;

/** openapi-generator, one for all its languages. Answers why it cannot be used here, else undefined. */
export async function openapiGenerator(): Promise<string | undefined> {
  if (!isInstalled('java', '-version')) return 'Java is not installed';
  if (existsSync(GENERATOR_JAR)) return undefined;
  const { version, sha256 } = GENERATOR;
  let jar: Buffer;
  try {
    const answer = await fetch(`${CENTRAL}/${version}/openapi-generator-cli-${version}.jar`);
    if (!answer.ok) return `Maven Central answered ${answer.status} for openapi-generator`;
    jar = Buffer.from(await answer.arrayBuffer());
  } catch (cause) {
    return `Maven Central is not reachable (${String(cause)})`;
  }
  if (createHash('sha256').update(jar).digest('hex') !== sha256)
    throw new Error('What Maven Central answered is not the openapi-generator that is pinned in install.ts');
  await mkdir('.cache/clients', { recursive: true });
  // Whole or not at all: an interrupted lane must not leave half a program.
  await writeFile(`${GENERATOR_JAR}.part`, jar);
  await rename(`${GENERATOR_JAR}.part`, GENERATOR_JAR);
  return undefined;
}

/** Generates a client of that language into the folder. */
export const generateWith = (
  generator: string,
  description: string,
  folder: string,
  properties: readonly string[] = [],
): Promise<string> =>
  run('java', [
    ...['-jar', GENERATOR_JAR, 'generate', '-g', generator, '-i', description, '-o', folder],
    ...(properties.length === 0 ? [] : ['--additional-properties', properties.join(',')]),
  ]);
