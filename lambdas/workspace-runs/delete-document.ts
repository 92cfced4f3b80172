import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { deleteDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { deleteDocument as remove } from '../../lib/apis/workspace-runs/documents/store-document.ts';

export const handler = lambda(deleteDocument, corePlatform, async ({ caller, path }, platform) => {
  await remove(platform, caller.workspaceId, path.documentId);
  return undefined;
});
