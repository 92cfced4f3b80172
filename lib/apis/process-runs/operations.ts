import {
  cancelProcessRun,
  getProcessRun,
  getProcessRunEvents,
  listProcessRuns,
  startProcessRun,
} from './contract.ts';
import { createFile } from './files-contract.ts';
import { getHealth } from './health-contract.ts';
import { getProcess, listProcesses, registerProcess } from './processes-contract.ts';

export const processRunsOperations = [
  getHealth,
  startProcessRun,
  listProcessRuns,
  getProcessRun,
  cancelProcessRun,
  getProcessRunEvents,
  registerProcess,
  listProcesses,
  getProcess,
  createFile,
] as const;
