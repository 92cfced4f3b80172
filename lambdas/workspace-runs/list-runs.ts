import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listRuns } from '../../lib/apis/workspace-runs/contract.ts';
import { listDocumentRuns } from '../../lib/apis/workspace-runs/run-list.ts';

export const handler = lambda(listRuns, corePlatform, async ({ caller, query }, platform) =>
  listDocumentRuns(platform, caller.workspaceId, query),
);
