import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { deleteDocument as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';
import { deleteDocument as remove } from '../../lib/apis/workspace-runs/uploads.ts';

export const deleteDocument = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'documents' | 'now'>) => {
    await remove(platform, caller.workspaceId, path.documentId);
    return undefined;
  },
);

export const handler = toHandler(deleteDocument, corePlatform);
