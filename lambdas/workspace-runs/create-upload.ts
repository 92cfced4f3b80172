import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { createUpload } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { createUpload as create } from '../../lib/apis/workspace-runs/documents/upload-form.ts';

export const handler = lambda(createUpload, filesPlatform, async ({ caller, body }, platform) =>
  create(platform, caller.workspaceId, body),
);
