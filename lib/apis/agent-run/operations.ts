import {
  createAgent,
  createAgentVersion,
  deployAgentVersion,
  getAgent,
  getAgentVersion,
  getProvider,
  listAgents,
  listAgentVersions,
  listProviders,
  putProvider,
  rollBackAgent,
  undeployAgent,
} from './agents-contract.ts';
import { getAgentRun, listAgentRuns, runAgent } from './contract.ts';

export const agentRunOperations = [
  runAgent,
  listAgentRuns,
  getAgentRun,
  createAgent,
  listAgents,
  getAgent,
  createAgentVersion,
  listAgentVersions,
  getAgentVersion,
  deployAgentVersion,
  rollBackAgent,
  undeployAgent,
  putProvider,
  listProviders,
  getProvider,
] as const;
