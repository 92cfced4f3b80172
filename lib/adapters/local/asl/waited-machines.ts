import type { Logger } from '../../../apis/log/ports.ts';
import type { Ended, WaitedMachines } from '../../../apis/platform.ts';
import type { Run } from '../../../runs/run.ts';
import { AslExecutor, type LocalMachine } from './asl-executor.ts';

/**
 * Runs a machine as Express ones are run: whoever starts an execution waits for its end, nobody else is told
 * of it and nothing of it is remembered. So each has an executor to itself, which goes when it is over.
 */
export class LocalWaitedMachines implements WaitedMachines {
  readonly #machines: Record<string, LocalMachine>;
  readonly #logger: Pick<Logger, 'error'>;
  readonly #open = new Set<AslExecutor>();

  constructor(machines: Record<string, LocalMachine>, logger: Pick<Logger, 'error'>) {
    this.#machines = machines;
    this.#logger = logger;
  }

  async run(run: Run, input: Record<string, unknown>, signal: AbortSignal): Promise<Ended> {
    const executor = new AslExecutor({
      machines: this.#machines,
      plan: () => ({ machine: run.kind, input }),
      onStatusChange: () => {},
      logger: this.#logger,
    });
    const stop = (): void => void executor.stop(run, 'Nobody waits for it any more');
    this.#open.add(executor);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await executor.start(run);
      if (signal.aborted) stop();
      const end = await executor.ended(run.id);
      if (end.status === 'none' || end.status === 'running') return { status: 'aborted' };
      return end.status === 'succeeded' ? end : { status: end.status };
    } finally {
      signal.removeEventListener('abort', stop);
      this.#open.delete(executor);
    }
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((executor) => executor.close()));
  }
}
