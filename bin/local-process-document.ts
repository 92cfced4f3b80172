import { processDocumentTask } from '../lambdas/steps/process-document.ts';
import {
  type LocalEnvironment,
  type LocalPlatform,
  openLocalPlatform,
} from '../lib/adapters/local/local-platform.ts';

let platform: LocalPlatform | undefined;

/** The ProcessDocument state in a worker thread of the local platform. */
export default (payload: unknown, environment: unknown): Promise<unknown> => {
  platform ??= openLocalPlatform(environment as LocalEnvironment);
  const opened = platform;
  return processDocumentTask(() => opened)(payload);
};
