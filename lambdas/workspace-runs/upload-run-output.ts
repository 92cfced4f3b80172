import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import {
  attachOutput,
  findAttachable,
  sentOutput,
  uploadedOutput,
} from '../../lib/apis/workspace-runs/outputs/output-upload.ts';
import { uploadRunOutput } from '../../lib/apis/workspace-runs/outputs/outputs-contract.ts';
import { withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(uploadRunOutput, filesPlatform, async ({ path, caller, request }, platform) => {
  const { workspaceId } = caller;
  const parts = await parseForm(request);
  const uploadId = parts.files.length > 0 ? undefined : (parts.fields.upload_id ?? parts.fields.uploadId);
  const file = uploadId === undefined ? theFile(parts) : undefined;
  const run = await findAttachable(platform, path);
  const output =
    file === undefined
      ? await uploadedOutput(platform, workspaceId, uploadId ?? '')
      : sentOutput(platform, workspaceId, file);
  const key = request.header('idempotency-key');
  const attached = await attachOutput(platform, caller, run, output, { key });
  return withReplay(withoutNulls(attached.output), attached.replayed);
});
