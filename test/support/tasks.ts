import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localTasks } from '../../bin/local-tasks.ts';
import { bundleTasks, type TaskModules } from '../../lib/adapters/local/workers/bundle-tasks.ts';

let bundled: Promise<TaskModules> | undefined;

/** What worker threads run, bundled once for all platforms of this process. */
export function bundledTasks(): Promise<TaskModules> {
  bundled ??= localTasks().then((modules) => bundleTasks(modules, join(tmpdir(), `tasks-${process.pid}`)));
  return bundled;
}

/** One module as worker threads can read it. */
export async function bundledTask(module: URL): Promise<URL> {
  const folder = join(tmpdir(), `task-${process.pid}`);
  const { callFunction } = await bundleTasks({ document: {}, functions: {}, callFunction: module }, folder);
  return callFunction;
}
