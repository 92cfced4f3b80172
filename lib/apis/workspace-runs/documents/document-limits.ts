import { invalid, Refused } from '../../operation/refusal.ts';

/** The documented limit of a document, whichever way it comes: 25 MiB. */
export const MAX_DOCUMENT_BYTES = 26_214_400;

/**
 * What is said of a document, in bytes of JSON: as much as a text part of a form may have. It is kept in the
 * document's record, of which DynamoDB takes 400 KB, and shown with it in every list.
 */
export const MAX_METADATA_BYTES = 65_536;

/** @throws Refused 422 with both numbers. */
export function assertMetadataSize(metadata: Record<string, unknown>): void {
  const byteSize = Buffer.byteLength(JSON.stringify(metadata));
  if (byteSize <= MAX_METADATA_BYTES) return;
  const message = `metadata has at most ${grouped(MAX_METADATA_BYTES)} bytes of JSON; this has ${grouped(byteSize)}`;
  throw invalid(message, [{ path: 'metadata', message, code: 'too_long' }]);
}

/** @throws Refused 413 with both numbers. */
export function assertDocumentSize(byteSize: number): void {
  if (byteSize <= MAX_DOCUMENT_BYTES) return;
  throw new Refused({
    category: 'too_large',
    message: `Uploaded file is ${grouped(byteSize)} bytes which exceeds the allowed maximum of ${grouped(MAX_DOCUMENT_BYTES)} bytes.`,
  });
}

/**
 * Behind a gateway a request can carry less than a document may have.
 * @throws Refused 413 that says where to send it instead.
 */
export function assertRequestSize(byteSize: number, requestBytes: number, path: string): void {
  if (byteSize <= requestBytes || byteSize > MAX_DOCUMENT_BYTES) return;
  throw new Refused({
    category: 'too_large',
    message: `Uploaded file is ${grouped(byteSize)} bytes; one request takes ${grouped(requestBytes)} bytes. Ask POST ${path}/uploads for a form that takes up to ${grouped(MAX_DOCUMENT_BYTES)} bytes.`,
  });
}

const grouped = (count: number): string => count.toLocaleString('en-US');
