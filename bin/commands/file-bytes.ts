import { readFile } from 'node:fs/promises';
import { tooLarge, unreadable } from '../../lib/spreadsheets/failure.ts';

/** @throws SpreadsheetFailure where the disk does not give the file. */
export async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ERR_FS_FILE_TOO_LARGE') throw tooLarge('The file is larger than 2 GiB, which is not read.');
    throw unreadable(UNREAD[code] ?? `The file could not be read from the disk (${code || cause}).`, cause);
  }
}

const UNREAD: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file. Look at its name and at the folder.',
  ENOTDIR: 'There is no such file. Look at its name and at the folder.',
  EACCES: 'The file may not be read. Change its permissions.',
  EPERM: 'The file may not be read. Change its permissions.',
};
