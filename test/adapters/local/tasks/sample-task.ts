import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';

class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

interface Payload {
  do: 'echo' | 'fail' | 'crash' | 'exit' | 'hog' | 'sleep' | 'spin';
  milliseconds?: number;
}

/** Does what its payload says, to show what a pool makes of it. */
export default async function sampleTask(payload: unknown, environment: unknown): Promise<unknown> {
  const { do: what, milliseconds = 0 } = payload as Payload;
  switch (what) {
    case 'echo':
      return { payload, environment, threadId };
    case 'fail':
      throw new TransientFault('the table is busy');
    case 'crash':
      setImmediate(() => {
        throw new Error('out of turn');
      });
      return sleep(60_000);
    case 'exit':
      return process.exit(3);
    case 'hog':
      return hog();
    case 'sleep':
      await sleep(milliseconds);
      return { threadId };
    case 'spin': {
      const until = Date.now() + milliseconds;
      while (Date.now() < until);
      return { threadId };
    }
  }
}

function hog(): never {
  const kept: string[][] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, n) => `row ${n}`));
}
