import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { createUpload as create } from '../../lib/apis/workspace-runs/direct-uploads.ts';
import { createUpload as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';

export const createUpload = route(
  operation,
  async ({ caller, body }, platform: Pick<Platform, 'uploads' | 'files' | 'now' | 'newId'>) =>
    create(platform, caller.workspaceId, body),
);

export const handler = toHandler(createUpload, filesPlatform);
