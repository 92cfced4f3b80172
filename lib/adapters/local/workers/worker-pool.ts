import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

export interface TaskRequest {
  module: string;
  /** Absent when the module is only to be loaded. */
  payload?: string;
}
export type TaskAnswer =
  | { result: string }
  /** `code` is what the operating system said, if it was the cause. */
  | { error: { name: string; message: string; code?: string | undefined } };

export interface WorkerPoolOptions {
  /** Given to every task as its second argument: what structured clone can copy. */
  environment: unknown;
  size?: number;
  /** A task that needs more heap than this ends its worker, not the process. */
  memoryMegabytes?: number;
}

/**
 * One core is left to the server. Two at least, so that a long spreadsheet does not hold up an answer to a
 * thread; four at most, because each may hold a whole workbook in memory.
 */
const defaultSize = (): number => Math.min(4, Math.max(2, availableParallelism() - 1));

const DEFAULT_MEMORY_MEGABYTES = 2048;

/** Names what Step Functions would see when a function's process dies under it, so that machines retry it. */
export class WorkerLost extends Error {
  override readonly name = 'Lambda.Unknown';
}

interface Waiting {
  request: TaskRequest;
  signal: AbortSignal | undefined;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs tasks in worker threads, one at a time in each. Workers start when they are needed and stay warm;
 * one that crashes, or whose task is aborted, is replaced at the next need.
 */
export class WorkerPool {
  readonly #options: Required<WorkerPoolOptions>;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting = new Set<Waiting>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = { size: defaultSize(), memoryMegabytes: DEFAULT_MEMORY_MEGABYTES, ...options };
  }

  /**
   * Calls the default export of a JavaScript module with the payload and the environment. Rejects with an
   * error of the task's own name and message, with `WorkerLost`, or with the signal's reason.
   */
  run(module: URL, payload: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.#ask({ module: module.href, payload: JSON.stringify(payload ?? null) }, signal);
  }

  /** Has a worker load the module, so that its first task starts at once. */
  async warm(module: URL): Promise<void> {
    await this.#ask({ module: module.href });
  }

  #ask(request: TaskRequest, signal?: AbortSignal): Promise<unknown> {
    const { promise, resolve, reject } = defer();
    if (this.#closed) reject(new Error('The worker pool is closed'));
    else if (signal?.aborted) reject(signal.reason);
    else {
      const waiting: Waiting = { request, signal, resolve, reject };
      this.#waiting.add(waiting);
      const withdraw = () => {
        if (this.#waiting.delete(waiting)) reject(signal?.reason);
      };
      signal?.addEventListener('abort', withdraw, { once: true });
      this.#dispatch();
    }
    return promise;
  }

  /** Ends every worker; what was running or waiting is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting) reject(new Error('The worker pool is closed'));
    this.#waiting.clear();
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    for (const waiting of this.#waiting) {
      const worker = this.#idle.pop() ?? (this.#all.size < this.#options.size ? this.#start() : undefined);
      if (worker === undefined) return;
      this.#waiting.delete(waiting);
      this.#assign(worker, waiting);
    }
  }

  #start(): Worker {
    const { environment, memoryMegabytes } = this.#options;
    const worker = new Worker(new URL('./worker-entry.mjs', import.meta.url), {
      workerData: environment,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    });
    this.#all.add(worker);
    worker.on('error', () => undefined); // `exit` follows and says that the worker is gone
    worker.on('exit', () => {
      this.#all.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at !== -1) this.#idle.splice(at, 1);
      if (!this.#closed) this.#dispatch();
    });
    return worker;
  }

  #assign(worker: Worker, { request, signal, resolve, reject }: Waiting): void {
    let reason: unknown;
    const onAbort = () => {
      // Rejected at once; the thread may take a moment to stop.
      reject(signal?.reason);
      void worker.terminate();
    };
    const onError = (error: unknown) => {
      reason = error;
    };
    const onExit = () => {
      settle();
      reject(new WorkerLost('The worker ended before its task did', { cause: reason }));
    };
    const onMessage = (answer: TaskAnswer) => {
      settle();
      if ('error' in answer) {
        const { name, message, code } = answer.error;
        reject(Object.assign(new Error(message), { name }, code === undefined ? {} : { code }));
      } else resolve(JSON.parse(answer.result));
      if (signal?.aborted) return; // the worker is being terminated
      worker.unref();
      this.#idle.push(worker);
      this.#dispatch();
    };
    const settle = () => {
      signal?.removeEventListener('abort', onAbort);
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('error', onError).on('exit', onExit).on('message', onMessage);
    worker.ref();
    worker.postMessage(request);
  }
}

function defer() {
  let resolve: (value: unknown) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
