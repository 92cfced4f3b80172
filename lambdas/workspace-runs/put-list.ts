import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { toValueList } from '../../lib/apis/workspace-runs/lists/list-view.ts';
import { putList } from '../../lib/apis/workspace-runs/lists/lists-contract.ts';
import { storeList } from '../../lib/apis/workspace-runs/lists/store-list.ts';

export const handler = lambda(putList, filesPlatform, async ({ caller, path, request }, platform) => {
  const { bytes } = theFile(await parseForm(request));
  return toValueList(await storeList(platform, caller.workspaceId, path.name, bytes));
});
