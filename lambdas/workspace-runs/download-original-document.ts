import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { versionContent } from '../../lib/apis/workspace-runs/documents/document-files.ts';
import { downloadOriginalDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(
  downloadOriginalDocument,
  filesPlatform,
  async ({ caller, path, query, request }, platform) =>
    download(platform.files, await versionContent(platform, caller.workspaceId, path.documentId, 1), {
      request,
      redirect: query.redirect,
      missing: () => notFound(`Document '${path.documentId}' not found`),
    }),
);
