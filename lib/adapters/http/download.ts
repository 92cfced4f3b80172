import { contentDisposition } from '../../apis/files/file-names.ts';
import type { FileStore } from '../../apis/files/ports.ts';
import type { StreamReply } from './reply.ts';

export interface Downloaded {
  fileKey: string;
  filename: string;
  contentType: string;
}

/** How long a presigned URL that a download redirects to is good for, in seconds: it is followed at once. */
const REDIRECT_SECONDS = 300;

/**
 * A stored file as a download under its name; `missing` says what to answer when the file is gone. With
 * `redirect`, the answer is 307 to a presigned URL instead.
 */
export async function download(
  files: FileStore,
  { fileKey, filename, contentType }: Downloaded,
  { redirect = false, missing }: { redirect?: boolean | undefined; missing: () => Error },
): Promise<StreamReply> {
  if (redirect) {
    const options = { filename, contentType, expiresInSeconds: REDIRECT_SECONDS };
    return {
      status: 307,
      headers: { location: await files.signDownload(fileKey, options) },
      stream: nothing(),
    };
  }
  const file = await files.get(fileKey);
  if (file === undefined) throw missing();
  return {
    status: 200,
    headers: {
      'content-type': withCharset(contentType),
      'content-disposition': contentDisposition(filename),
    },
    stream: file.body,
  };
}

/** An empty chunk, because the Lambda runtime sends status and headers with the first write. */
async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
}

/** Text without a charset is UTF-8, and browsers must not guess. */
const withCharset = (contentType: string): string =>
  /^text\//i.test(contentType) && !/charset=/i.test(contentType)
    ? `${contentType}; charset=utf-8`
    : contentType;
