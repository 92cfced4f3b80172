import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { listDocuments as list } from '../../lib/apis/workspace-runs/documents/document-list.ts';
import { listDocuments } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(listDocuments, filesPlatform, async ({ caller, query }, platform) =>
  list(platform, caller.workspaceId, query),
);
