import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { completeUpload as complete } from '../../lib/apis/workspace-runs/documents/complete-upload.ts';
import { completeUpload } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(completeUpload, fullPlatform, async ({ caller, path, body }, platform) => {
  const { document, run } = await complete(platform, caller, path.uploadId, {
    metadata: body.metadata,
    conflictMode: body.conflict_mode,
    runOptions: body.run_options ?? undefined,
  });
  return toDocument(caller.workspaceId, document, run);
});
