import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleUserFunction } from './bundle-user-function.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Calls one function: rejects with an error of its own name and message, or with the signal's reason. */
export type FunctionCall = (payload: unknown, signal: AbortSignal) => Promise<unknown>;

/** Where functions are found that tasks of workflows call. */
export interface FunctionSource {
  /** The first of these names that there is; undefined for none. Rejects for one that cannot be read. */
  find(names: readonly string[]): Promise<FunctionCall | undefined>;
}

export interface UserFunctionsOptions {
  /** Of files that are functions. */
  folder: string;
  /** Takes the bundles. */
  bundles: string;
  workers: Pick<WorkerPool, 'run'>;
  /** What functions find in their environment, asked for at every call. */
  environment(): Record<string, string>;
}

const EXTENSIONS = ['mjs', 'js', 'ts'];
const NAME = /^[\w-]+$/;
const CALLER = new URL('./call-user-function.mjs', import.meta.url);

/** A user's functions: files in a folder, read anew whenever they are looked for, run in worker threads. */
export function userFunctions({
  folder,
  bundles,
  workers,
  environment,
}: UserFunctionsOptions): FunctionSource {
  return {
    async find(names) {
      for (const name of names.filter((each) => NAME.test(each)))
        for (const extension of EXTENSIONS) {
          const file = join(folder, `${name}.${extension}`);
          if (!(await isThere(file))) continue;
          const module = await bundleUserFunction(file, bundles);
          return (payload, signal) =>
            workers.run(CALLER, { module: module.href, name, payload, environment: environment() }, signal);
        }
      return undefined;
    },
  };
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
