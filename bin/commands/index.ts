import { createAgent, createVersion, deployAgent, listAgents, rollBackAgent, setProvider } from './agent.ts';
import type { Command } from './command.ts';
import { publishConfiguration } from './config.ts';
import { exportConfiguration } from './config-export.ts';
import { importConfiguration } from './config-import.ts';
import { showCost } from './cost.ts';
import { diagnose } from './doctor.ts';
import { inspectFiles } from './inspect.ts';
import { createKey, listKeys, revokeKey } from './key.ts';
import { addMember, listMembers, removeMember } from './member.ts';
import { listProcesses, registerProcess } from './process.ts';
import { proposeDefinition } from './propose.ts';
import { runFiles } from './run.ts';
import { cancelRun, getRun, listRuns } from './runs.ts';
import { tailRun } from './tail.ts';
import { firstWorkspace } from './workspace.ts';

/** Every command by the words that it is typed with, in the order in which they are shown. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['workspace create', firstWorkspace],
  ['key create', createKey],
  ['key list', listKeys],
  ['key revoke', revokeKey],
  ['member add', addMember],
  ['member list', listMembers],
  ['member remove', removeMember],
  ['agent create', createAgent],
  ['agent list', listAgents],
  ['agent version', createVersion],
  ['agent deploy', deployAgent],
  ['agent rollback', rollBackAgent],
  ['provider set', setProvider],
  ['process register', registerProcess],
  ['process list', listProcesses],
  ['config propose', proposeDefinition],
  ['config import', importConfiguration],
  ['config export', exportConfiguration],
  ['config publish', publishConfiguration],
  ['runs list', listRuns],
  ['runs get', getRun],
  ['runs tail', tailRun],
  ['runs cancel', cancelRun],
  ['run', runFiles],
  ['inspect', inspectFiles],
  ['cost', showCost],
  ['doctor', diagnose],
]);
