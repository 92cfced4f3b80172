import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { getDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { findDocument, lastDocumentRun } from '../../lib/apis/workspace-runs/documents/find-document.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(getDocument, corePlatform, async ({ caller, path }, platform) => {
  const document = await findDocument(platform, caller.workspaceId, path.documentId);
  return toDocument(
    caller.workspaceId,
    document,
    await lastDocumentRun(platform, caller.workspaceId, document),
  );
});
