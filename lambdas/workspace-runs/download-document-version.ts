import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { versionContent } from '../../lib/apis/workspace-runs/documents/document-files.ts';
import { downloadDocumentVersion } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(
  downloadDocumentVersion,
  filesPlatform,
  async ({ caller, path, query, request }, platform) => {
    const { documentId, versionNo } = path;
    const version = await versionContent(platform, caller.workspaceId, documentId, versionNo);
    return download(platform.files, version, {
      request,
      redirect: query.redirect,
      missing: () => notFound(`Document '${documentId}' not found`),
    });
  },
);
