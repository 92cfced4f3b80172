import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { FILE_EXTENSIONS, splitName } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { isPattern, matches } from './pattern.ts';

/** A file to look at, spelled as it was given, or what is wrong with what was given. */
export interface NamedFile {
  readonly file: string;
  readonly problem?: string;
}

/**
 * The files that names stand for, in the order of the names: a file is itself, a folder every spreadsheet below
 * it, a pattern every file that it matches, both by name. Goes through folders while it is asked.
 */
export async function* namedFiles(names: readonly string[]): AsyncGenerator<NamedFile> {
  for (const name of names) {
    const kind = await kindOf(name);
    if (kind === 'folder') yield* orProblem(name, below(name), 'There is no spreadsheet in the folder.');
    else if (kind === 'nothing' && isPattern(name))
      yield* orProblem(name, matching(name), 'No file matches the pattern.');
    else yield { file: name };
  }
}

async function* orProblem(
  name: string,
  files: AsyncIterable<string>,
  problem: string,
): AsyncGenerator<NamedFile> {
  let isEmpty = true;
  for await (const file of files) {
    isEmpty = false;
    yield { file };
  }
  if (isEmpty) yield { file: name, problem };
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  // Why a path cannot be looked at is told by whoever opens it.
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}

const joined = (folder: string, name: string): string =>
  folder === '' || folder.endsWith('/') || folder.endsWith(sep) ? `${folder}${name}` : `${folder}/${name}`;

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true });
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Hidden files, and the locks that spreadsheet programs lay beside open files, are nobody's data. */
const isAside = (name: string): boolean => name.startsWith('.') || name.startsWith('~$');

async function* below(folder: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    if (isAside(entry.name)) continue;
    const path = joined(folder, entry.name);
    if (entry.isDirectory()) yield* below(path);
    else if (FILE_EXTENSIONS.includes(splitName(entry.name).extension)) yield path;
  }
}

async function* matching(pattern: string): AsyncGenerator<string> {
  const parts = pattern.split(sep === '\\' ? /[\\/]/ : '/');
  const isAbsolute = parts[0] === '';
  yield* within(isAbsolute ? '/' : '', isAbsolute ? parts.slice(1) : parts);
}

async function* within(folder: string, [part = '', ...rest]: readonly string[]): AsyncGenerator<string> {
  if (part === '**') {
    yield* within(folder, rest.length === 0 ? ['*'] : rest);
    for (const entry of await entriesOf(folder))
      if (entry.isDirectory() && !isAside(entry.name))
        yield* within(joined(folder, entry.name), ['**', ...rest]);
    return;
  }
  for (const path of isPattern(part) ? await matchesIn(folder, part) : [joined(folder, part)]) {
    const kind = await kindOf(path);
    if (rest.length === 0 && kind === 'file') yield path;
    if (rest.length > 0 && kind === 'folder') yield* within(path, rest);
  }
}

async function matchesIn(folder: string, part: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  return entries
    .filter(({ name }) => matches(name, part) && (part.startsWith('.') || !isAside(name)))
    .map(({ name }) => joined(folder, name));
}
