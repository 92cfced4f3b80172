import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { deleteList } from '../../lib/apis/workspace-runs/lists/lists-contract.ts';
import { deleteList as remove } from '../../lib/apis/workspace-runs/lists/store-list.ts';

export const handler = lambda(deleteList, filesPlatform, async ({ caller, path }, platform) => {
  await remove(platform, caller.workspaceId, path.name);
  return undefined;
});
