import { filesPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import {
  attachOutput,
  findAttachable,
  sentOutput,
  uploadedOutput,
} from '../../lib/apis/workspace-runs/output-upload.ts';
import { uploadRunOutput as operation } from '../../lib/apis/workspace-runs/outputs-contract.ts';
import { withoutNulls } from '../../lib/apis/workspace-runs/view.ts';

type Needs = Pick<
  Platform,
  'runs' | 'documents' | 'uploads' | 'files' | 'idempotency' | 'limits' | 'now' | 'newId'
>;

export const uploadRunOutput = route(operation, async ({ path, caller, request }, platform: Needs) => {
  const { workspaceId } = caller;
  const parts = await parseForm(request);
  const uploadId = parts.files.length > 0 ? undefined : (parts.fields.upload_id ?? parts.fields.uploadId);
  const file = uploadId === undefined ? theFile(parts) : undefined;
  const run = await findAttachable(platform, path);
  const output =
    file === undefined
      ? await uploadedOutput(platform, workspaceId, uploadId ?? '')
      : sentOutput(platform, workspaceId, file);
  const attached = await attachOutput(platform, run, output, request.header('idempotency-key'));
  return replied(withoutNulls(attached.output), attached.replayed);
});

export const handler = toHandler(uploadRunOutput, filesPlatform);
