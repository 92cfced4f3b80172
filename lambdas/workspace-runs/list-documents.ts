import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listPage } from '../../lib/apis/workspace-runs/documents/document-list.ts';
import { listDocuments } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(listDocuments, filesPlatform, async ({ caller, query }, platform) =>
  listPage(platform, caller.workspaceId, query),
);
