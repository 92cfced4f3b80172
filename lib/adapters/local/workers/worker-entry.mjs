// JavaScript, because a worker thread of Node 20 reads no TypeScript.
import { parentPort, workerData } from 'node:worker_threads';

/**
 * What runs in each worker thread: loads the asked task's module, calls it, answers in JSON. Without a
 * payload the module is only loaded.
 * @param {import('./worker-pool.ts').TaskRequest} request
 * @returns {Promise<import('./worker-pool.ts').TaskAnswer>}
 */
async function answer({ module, payload }) {
  try {
    const { default: task } = await import(module);
    const result = payload === undefined ? null : await task(JSON.parse(payload), workerData);
    return { result: JSON.stringify(result ?? null) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message, code: codeOf(error) } };
  }
}

/**
 * What the operating system said, whatever was made of it since.
 * @param {unknown} error
 * @returns {string | undefined}
 */
function codeOf(error) {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^E[A-Z]+$/.test(at.code)) return at.code;
  }
  return undefined;
}

parentPort?.on('message', async (request) => {
  parentPort?.postMessage(await answer(request));
});
