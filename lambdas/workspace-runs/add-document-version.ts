import { fullPlatform } from '../../lib/adapters/aws/platform.ts';
import { lambda } from '../../lib/adapters/http/lambda.ts';
import { parseForm, theFile } from '../../lib/adapters/http/multipart.ts';
import { withReplay } from '../../lib/adapters/http/with-headers.ts';
import { assertRequestSize } from '../../lib/apis/workspace-runs/documents/document-limits.ts';
import { addDocumentVersion } from '../../lib/apis/workspace-runs/documents/documents-contract.ts';
import { findDocument } from '../../lib/apis/workspace-runs/documents/find-document.ts';
import { receiveVersion } from '../../lib/apis/workspace-runs/documents/receive-document.ts';
import { parseUploadFields } from '../../lib/apis/workspace-runs/documents/upload-fields.ts';
import { toDocument } from '../../lib/apis/workspace-runs/view.ts';

export const handler = lambda(
  addDocumentVersion,
  fullPlatform,
  async ({ caller, path, request }, platform) => {
    const { workspaceId } = caller;
    const document = await findDocument(platform, workspaceId, path.documentId);
    const parts = await parseForm(request);
    const file = theFile(parts);
    const documents = `/api/v1/workspaces/${workspaceId}/documents`;
    assertRequestSize(file.bytes.length, platform.limits.requestBytes, documents);
    const received = await receiveVersion(
      platform,
      caller,
      document,
      {
        ...parseUploadFields(parts.fields),
        name: file.filename,
        contentType: file.contentType,
        content: { bytes: file.bytes },
      },
      request.header('idempotency-key'),
    );
    return withReplay(toDocument(workspaceId, received.document, received.run), received.replayed);
  },
);
