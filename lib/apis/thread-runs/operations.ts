import { cancelThreadRun, createThreadRun, getThreadRun, listThreadRuns } from './contract.ts';
import { chat, createThread, getThread, listThreads } from './threads-contract.ts';

export const threadRunsOperations = [
  createThreadRun,
  getThreadRun,
  listThreadRuns,
  cancelThreadRun,
  createThread,
  listThreads,
  getThread,
  chat,
] as const;
