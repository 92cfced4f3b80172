import {
  type LocalEnvironment,
  type LocalPlatform,
  openLocalPlatform,
} from '../lib/adapters/local/local-platform.ts';

let platform: LocalPlatform | undefined;

type Task = (platform: () => LocalPlatform) => (payload: unknown) => Promise<unknown>;

/** Any function of `lambdas/processes` in a worker thread of the local platform. */
export default async (asked: unknown, environment: unknown): Promise<unknown> => {
  const { function: name, payload } = asked as { function: string; payload: unknown };
  platform ??= openLocalPlatform(environment as LocalEnvironment);
  const opened = platform;
  const { task } = (await import(new URL(`../lambdas/processes/${name}.ts`, import.meta.url).href)) as {
    task: Task;
  };
  return task(() => opened)(payload);
};
