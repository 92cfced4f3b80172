import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toValueList } from '../../lib/apis/workspace-runs/lists/list-view.ts';
import { listLists } from '../../lib/apis/workspace-runs/lists/lists-contract.ts';
import { allLists } from '../../lib/apis/workspace-runs/lists/store-list.ts';

export const handler = lambda(listLists, corePlatform, async ({ caller }, platform) => ({
  items: (await allLists(platform, caller.workspaceId)).map(toValueList),
}));
