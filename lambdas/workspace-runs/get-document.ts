import { corePlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { getDocument as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';
import { findDocument, lastRuns } from '../../lib/apis/workspace-runs/uploads.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const getDocument = route(
  operation,
  async ({ caller, path }, platform: Pick<Platform, 'runs' | 'documents'>) => {
    const document = await findDocument(platform, caller.workspaceId, path.documentId);
    const [lastRun] = await lastRuns(platform, caller.workspaceId, [document]);
    return toDocument(caller.workspaceId, document, lastRun);
  },
);

export const handler = toHandler(getDocument, corePlatform);
