import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { notFound } from '../../lib/apis/operation/refusal.ts';
import { newestArtifact } from '../../lib/apis/workspace-runs/documents/document-files.ts';
import { downloadDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';

export const handler = lambda(
  downloadDocument,
  filesPlatform,
  async ({ caller, path, query, request }, platform) =>
    download(platform.files, await newestArtifact(platform, caller.workspaceId, path.documentId), {
      request,
      redirect: query.redirect,
      missing: () => notFound(`Document '${path.documentId}' not found`),
    }),
);
