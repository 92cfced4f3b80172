import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { listPage } from '../../lib/apis/workspace-runs/document-list.ts';
import { listDocuments as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';

export const listDocuments = route(
  operation,
  async ({ caller, query }, platform: Pick<Platform, 'runs' | 'documents' | 'files' | 'now'>) =>
    listPage(platform, caller.workspaceId, query),
);

export const handler = toHandler(listDocuments, filesPlatform);
