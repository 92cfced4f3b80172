import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { completeUpload as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';
import { receiveDocument } from '../../lib/apis/workspace-runs/receive-document.ts';
import { findUploaded } from '../../lib/apis/workspace-runs/uploads.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const completeUpload = route(operation, async ({ caller, path, body }, platform: Platform) => {
  const { name, contentType, fileKey, byteSize } = await findUploaded(
    platform,
    caller.workspaceId,
    path.uploadId,
  );
  const { document, run } = await receiveDocument(platform, caller, {
    name,
    contentType,
    content: { uploadedTo: fileKey, byteSize },
    metadata: body.metadata,
    conflictMode: body.conflict_mode,
    runOptions: body.run_options ?? undefined,
  });
  return toDocument(caller.workspaceId, document, run);
});

export const handler = toHandler(completeUpload, fullPlatform);
