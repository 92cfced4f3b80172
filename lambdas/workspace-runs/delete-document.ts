import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { deleteDocument as remove } from '../../lib/apis/workspace-runs/documents/delete-document.ts';
import { deleteDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(deleteDocument, corePlatform, async ({ caller, path }, platform) => {
  await remove(platform, caller.workspaceId, path.documentId);
  return undefined;
});
