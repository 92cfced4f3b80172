import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { download } from '../../lib/adapters/http/download.ts';
import { route, toStreamHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { notFound } from '../../lib/apis/refusal.ts';
import { versionContent } from '../../lib/apis/workspace-runs/document-files.ts';
import { downloadOriginalDocument as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';

export const downloadOriginalDocument = route(
  operation,
  async (
    { caller, path, query },
    platform: Pick<Platform, 'runs' | 'documents' | 'documentVersions' | 'files'>,
  ) =>
    download(platform.files, await versionContent(platform, caller.workspaceId, path.documentId, 1), {
      redirect: query.redirect,
      missing: () => notFound(`Document '${path.documentId}' not found`),
    }),
);

export const handler = toStreamHandler(downloadOriginalDocument, filesPlatform);
