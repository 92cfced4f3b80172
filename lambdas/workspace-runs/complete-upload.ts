import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { completeUpload as complete } from '../../lib/apis/workspace-runs/complete-upload.ts';
import { completeUpload as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const completeUpload = route(operation, async ({ caller, path, body }, platform: Platform) => {
  const { document, run } = await complete(platform, caller, path.uploadId, {
    metadata: body.metadata,
    conflictMode: body.conflict_mode,
    runOptions: body.run_options ?? undefined,
  });
  return toDocument(caller.workspaceId, document, run);
});

export const handler = toHandler(completeUpload, fullPlatform);
