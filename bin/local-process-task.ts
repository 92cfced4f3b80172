import {
  type LocalEnvironment,
  type LocalPlatform,
  openLocalPlatform,
} from '../lib/adapters/local/local-platform.ts';

let platform: LocalPlatform | undefined;

type Task = (platform: () => LocalPlatform) => (payload: unknown) => Promise<unknown>;

/** Any function of `lambdas/processes`, by its module, in a worker thread of the local platform. */
export default async (asked: unknown, environment: unknown): Promise<unknown> => {
  const { module, payload } = asked as { module: string; payload: unknown };
  platform ??= openLocalPlatform(environment as LocalEnvironment);
  const opened = platform;
  const { task } = (await import(module)) as { task: Task };
  return task(() => opened)(payload);
};
