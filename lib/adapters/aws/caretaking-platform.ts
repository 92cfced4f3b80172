import type { CaretakingPlatform, FunctionAccount } from '../../apis/platform.ts';
import { processPlatform } from './process-platform.ts';

/** Asked once an hour, by a function that loads the client when it does. */
const account: FunctionAccount = {
  concurrency: async () => {
    const { readConcurrency } = await import('./account-concurrency.ts');
    const { unreserved } = await readConcurrency();
    return unreserved;
  },
};

/**
 * For what looks after runs and after the platform itself. It stands alone, because what a module imports on
 * demand is part of every bundle that imports the module.
 */
export const caretakingPlatform = (): CaretakingPlatform => ({ ...processPlatform(), account });
