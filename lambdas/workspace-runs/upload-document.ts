import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { assertRequestSize } from '../../lib/apis/workspace-runs/documents/document-limits.ts';
import { uploadDocument } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { receiveDocument } from '../../lib/apis/workspace-runs/documents/receive-document.ts';
import { parseUploadFields } from '../../lib/apis/workspace-runs/documents/upload-fields.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(uploadDocument, fullPlatform, async ({ caller, request }, platform) => {
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
  return withReplay(toDocument(caller.workspaceId, document, run), replayed);
});
