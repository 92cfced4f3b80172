import type { RegisteringPlatform } from '../../apis/platform.ts';
import { corePlatform, filesPlatform, once, stepFunctions } from './platform.ts';
import { ProcessExecutor } from './process-executor.ts';

// Both stand alone, because functions that start our own machines carry nothing of them.

const executor = /* @__PURE__ */ once(() => new ProcessExecutor(...stepFunctions()));

/** For what registers state machines of others, and touches no file. */
export const registeringPlatform = /* @__PURE__ */ once(
  (): Omit<RegisteringPlatform, 'files'> => ({ ...corePlatform(), executor: executor() }),
);

/** For what starts them. */
export const processPlatform = /* @__PURE__ */ once(
  (): RegisteringPlatform => ({ ...filesPlatform(), executor: executor() }),
);
