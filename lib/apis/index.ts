import { agentRunOperations } from './agent-run/operations.ts';
import type { Operation } from './operation/operation.ts';
import { processRunsOperations } from './process-runs/operations.ts';
import { referenceOperations } from './reference/contract.ts';
import { threadRunsOperations } from './thread-runs/operations.ts';
import { workspaceRunsOperations } from './workspace-runs/operations.ts';

/** Every operation of the platform: the routes here and on AWS, the OpenAPI document and the tests read this list. */
export const operations: readonly Operation[] = [
  ...workspaceRunsOperations,
  ...processRunsOperations,
  ...threadRunsOperations,
  ...agentRunOperations,
  ...referenceOperations,
];
