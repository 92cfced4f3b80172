import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { notFound } from '../../lib/apis/refusal.ts';
import { versionContent } from '../../lib/apis/workspace-runs/document-files.ts';
import { downloadDocumentVersion as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';

export const downloadDocumentVersion = route(
  operation,
  async ({ caller, path, query }, platform: Pick<Platform, 'documents' | 'documentVersions' | 'files'>) => {
    const { documentId, versionNo } = path;
    const version = await versionContent(platform, caller.workspaceId, documentId, versionNo);
    return download(platform.files, version, {
      redirect: query.redirect,
      missing: () => notFound(`Document '${documentId}' not found`),
    });
  },
);

export const handler = toStreamHandler(downloadDocumentVersion, filesPlatform);
