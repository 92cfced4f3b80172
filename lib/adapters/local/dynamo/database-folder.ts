import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { writeDurably } from '../files/write-durably.ts';
import { asFolderError, FolderError } from '../folder-error.ts';
import { isLogWhole } from './verify-log.ts';

/** What is known of a database without opening it: stands beside its folder, so that it outlives the folder. */
const Mark = z.object({
  /** How often it was opened. The database says so too: one that knows of fewer has lost what came since. */
  opened: z.int(),
  /** The bytes of its files when it was closed; absent while it is open, and after a kill. */
  files: z.record(z.string(), z.int()).optional(),
});
export type Mark = z.infer<typeof Mark>;

const markFile = (folder: string): string => `${folder}.json`;

export async function readMark(folder: string): Promise<Mark | undefined> {
  try {
    return Mark.parse(JSON.parse(await readFile(markFile(folder), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    // It says only what to look for: without it the database is looked at as one that was killed.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { opened: 0 };
    throw error;
  }
}

export const writeMark = (folder: string, mark: Mark): Promise<void> =>
  writeDurably(markFile(folder), `${markFile(folder)}.${process.pid}`, (file) =>
    file.writeFile(JSON.stringify(mark)),
  );

export const damaged = (folder: string, what: string, cause?: unknown): FolderError =>
  new FolderError(
    `The database in ${folder} is damaged: ${what}. Put back a copy of ${dirname(folder)}, or move that folder ` +
      'away to start anew.',
    { cause },
  );

/** LevelDB's own notes, and what it makes anew. */
const UNCOUNTED = /^(LOG(\.old)?|LOCK)$/;

export async function filesIn(folder: string): Promise<Record<string, number>> {
  const names = (await readdir(folder)).filter((name) => !UNCOUNTED.test(name));
  const sizes = names.toSorted().map(async (name) => [name, (await stat(join(folder, name))).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

/**
 * Looks at the folder before LevelDB does, which makes an empty database where it finds none and leaves out
 * what it cannot read. Whether there is a database in it.
 * @throws FolderError
 */
export async function checkFolder(
  folder: string,
  mark: Mark | undefined,
  isExpected: boolean,
): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.R_OK | constants.X_OK);
  } catch (error) {
    // The folder around it may be in order.
    throw asFolderError(error, folder);
  }
  const files = await filesIn(folder);
  const isEmpty = Object.keys(files).length === 0;
  if (isEmpty && mark === undefined && !isExpected) return false;
  if (isEmpty) throw damaged(folder, 'there was one, and its files are gone');
  if (files.CURRENT === undefined) throw damaged(folder, 'its file CURRENT is missing');
  const current = (await readFile(join(folder, 'CURRENT'), 'utf8')).trim();
  // Another list of files is in force where somebody else opened the database since.
  const closed = mark?.files?.[current] === undefined ? undefined : mark.files;
  for (const [name, size] of Object.entries(closed ?? {})) {
    if (files[name] === undefined) throw damaged(folder, `its file ${name} is missing`);
    if (files[name] !== size)
      throw damaged(folder, `its file ${name} had ${size} bytes and has ${files[name]}`);
  }
  for (const name of Object.keys(files).filter((each) => /^\d+\.log$/.test(each))) {
    const log = await readFile(join(folder, name));
    if (!isLogWhole(log, { wasClosed: closed !== undefined }))
      throw damaged(folder, `its file ${name} is not as it was written`);
  }
  return true;
}

/** What LevelDB says when it cannot open a folder, in words that say what to do. */
export function openingError(folder: string, error: unknown): unknown {
  const { code, message } = levelError(error);
  if (code === 'LEVEL_LOCKED') return new FolderInUse(folder, { cause: error });
  if (code === 'LEVEL_CORRUPTION') return damaged(folder, 'it cannot be read', error);
  const [, missing] = /([^/\\]+): No such file/.exec(message) ?? [];
  if (missing !== undefined) return damaged(folder, `its file ${missing} is missing`, error);
  if (/No space left/.test(message))
    return Object.assign(new Error(message, { cause: error }), { code: 'ENOSPC' });
  if (/Permission denied/.test(message))
    return Object.assign(new Error(message, { cause: error }), { code: 'EACCES' });
  if (/Read-only file system/.test(message))
    return Object.assign(new Error(message, { cause: error }), { code: 'EROFS' });
  return damaged(folder, 'it cannot be opened', error);
}

/** Another process, or this one, has the database open. */
export class FolderInUse extends FolderError {
  constructor(folder: string, options?: ErrorOptions) {
    super(`The database in ${folder} could not be opened. Is another process using it?`, options);
  }
}

function levelError(error: unknown): { code: string; message: string } {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== 'LEVEL_DATABASE_NOT_OPEN')
      return { code: at.code, message: at.message };
  }
  return { code: '', message: error instanceof Error ? error.message : '' };
}
