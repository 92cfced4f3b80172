import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { toValueList } from '../../lib/apis/workspace-runs/lists/list-view.ts';
import { getList } from '../../lib/apis/workspace-runs/lists/lists-contract.ts';
import { findList } from '../../lib/apis/workspace-runs/lists/store-list.ts';

export const handler = lambda(getList, corePlatform, async ({ caller, path }, platform) =>
  toValueList(await findList(platform, caller.workspaceId, path.name)),
);
