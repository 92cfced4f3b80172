import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { FolderError } from './folder-error.ts';

/** Where the platform of a folder is up, for whoever starts a second one; the database knows whether one is. */
const Running = z.object({ pid: z.int(), url: z.string() });

const fileIn = (dataFolder: string): string => join(dataFolder, 'running.json');

export const sayRunning = (dataFolder: string, url: string): Promise<void> =>
  writeFile(fileIn(dataFolder), JSON.stringify({ pid: process.pid, url } satisfies z.infer<typeof Running>));

/** At the end, and at the beginning: what a process that was killed left behind. */
export const forgetRunning = (dataFolder: string): Promise<void> => rm(fileIn(dataFolder), { force: true });

/** What is wrong when the database of a folder is open elsewhere. */
export async function alreadyRunning(dataFolder: string, cause: unknown): Promise<FolderError> {
  const choice = `Stop it, or choose another folder for this one: RUNPLANE_DATA=… npm start.`;
  const running = await readFile(fileIn(dataFolder), 'utf8').then(
    (text) => Running.safeParse(JSON.parse(text)).data,
    () => undefined,
  );
  return new FolderError(
    running === undefined
      ? `Another process is starting or stopping on the folder ${dataFolder}. ${choice}`
      : `Runplane is up on the folder ${dataFolder} already: ${running.url} (process ${running.pid}). ${choice}`,
    { cause },
  );
}
