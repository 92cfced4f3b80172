import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { route, toHandler } from '../../lib/adapters/http/handler.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { replied } from '../../lib/adapters/http/replied.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { uploadDocument as operation } from '../../lib/apis/workspace-runs/documents-contract.ts';
import { parseUploadFields, receiveDocument } from '../../lib/apis/workspace-runs/receive-document.ts';
import { assertRequestSize } from '../../lib/apis/workspace-runs/uploads.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const uploadDocument = route(operation, async ({ caller, request }, platform: Platform) => {
  const parts = await parseForm(request);
  const file = theFile(parts);
  assertRequestSize(file.bytes.length, platform.limits.requestBytes, request.path);
  const { document, run, replayed } = await receiveDocument(
    platform,
    caller,
    {
      ...parseUploadFields(parts.fields),
      name: file.filename,
      contentType: file.contentType,
      content: { bytes: file.bytes },
    },
    request.header('idempotency-key'),
  );
  return replied(toDocument(caller.workspaceId, document, run), replayed);
});

export const handler = toHandler(uploadDocument, fullPlatform);
