import { cancelThreadRun, createThreadRun, getThreadRun, listThreadRuns } from './contract.ts';
import { chat, createThread, getThread, listThreadMessages, listThreads } from './threads-contract.ts';

export const threadRunsOperations = [
  createThreadRun,
  getThreadRun,
  listThreadRuns,
  cancelThreadRun,
  createThread,
  listThreads,
  getThread,
  listThreadMessages,
  chat,
] as const;
