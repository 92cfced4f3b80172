import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file once the new one is whole and on the disk, by way of a temporary one: whoever looks finds the
 * old or the new one, after a loss of power too. Two flushes, of the file and of its folder.
 */
export async function writeDurably(
  path: string,
  temporary: string,
  write: (file: FileHandle) => Promise<void>,
  mode?: number,
): Promise<void> {
  await mkdir(dirname(temporary), { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  try {
    // Not a write stream: destroyed while it opens, it leaves a file behind that nobody expects any more.
    const file = await open(temporary, 'wx', mode);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // it may never have come to be
    throw error;
  }
  await syncFolder(dirname(path));
}

/** The names in a folder, on the disk. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const opened = await open(folder);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
