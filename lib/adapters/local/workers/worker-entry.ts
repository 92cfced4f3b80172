import { parentPort, workerData } from 'node:worker_threads';
import type { TaskAnswer, TaskRequest } from './worker-pool.ts';

/** What runs in each worker thread: loads the asked task's module, calls it, answers in JSON. */
async function answer({ module, payload }: TaskRequest): Promise<TaskAnswer> {
  try {
    const { default: task } = (await import(module)) as {
      default: (payload: unknown, environment: unknown) => unknown;
    };
    const result = await task(JSON.parse(payload), workerData);
    return { result: JSON.stringify(result ?? null) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}

parentPort?.on('message', async (request: TaskRequest) => {
  parentPort?.postMessage(await answer(request));
});
