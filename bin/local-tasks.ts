import { readdir } from 'node:fs/promises';
import type { TaskModules } from '../lib/adapters/local/workers/bundle-tasks.ts';

/** What runs in the worker threads of the local platform. Functions are called by the names of their files. */
export async function localTasks(): Promise<TaskModules> {
  const folder = new URL('../lambdas/processes/', import.meta.url);
  const files = await readdir(folder);
  return {
    document: { ProcessDocument: new URL('./local-process-document.ts', import.meta.url) },
    functions: Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), new URL(file, folder)])),
    callFunction: new URL('./local-process-task.ts', import.meta.url),
  };
}
