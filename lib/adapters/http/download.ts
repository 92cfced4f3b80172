import { storedType } from '../../apis/files/content-type.ts';
import { contentDisposition } from '../../apis/files/file-names.ts';
import type { FileStore, StoredFile } from '../../apis/files/ports.ts';
import { etagOf, isNamed, isSameFile, parseRange, rangeOf } from '../../apis/files/ranges.ts';
import { Refused } from '../../apis/operation/refusal.ts';
import type { StreamReply } from './reply.ts';
import type { HttpRequest } from './request.ts';

export interface Downloaded {
  fileKey: string;
  filename: string;
  contentType: string;
}

export interface Asked {
  request: Pick<HttpRequest, 'header'>;
  /** To be sent to a presigned URL instead. */
  redirect?: boolean | undefined;
  /** What to answer when the file is gone. */
  missing: () => Error;
}

/** How long a presigned URL that a download redirects to is good for, in seconds: it is followed at once. */
const REDIRECT_SECONDS = 300;

/**
 * A stored file, or a range of it, as a download under its name; 304 to who has it.
 * @throws Refused `range_not_satisfiable`, `precondition_failed`, or what `missing` says.
 */
export async function download(files: FileStore, what: Downloaded, asked: Asked): Promise<StreamReply> {
  const { fileKey, filename } = what;
  const contentType = storedType(what.contentType);
  const { request, redirect = false, missing } = asked;
  if (redirect) {
    const options = { filename, contentType, expiresInSeconds: REDIRECT_SECONDS };
    return {
      status: 307,
      headers: { location: await files.signDownload(fileKey, options) },
      stream: nothing(),
    };
  }
  const etag = etagOf(fileKey);
  const [wantsThis, hasThis] = [request.header('if-match'), request.header('if-none-match')];
  if (wantsThis !== undefined && !isNamed(wantsThis, etag, { weakly: false })) throw isAnother(etag);
  if (hasThis !== undefined && isNamed(hasThis, etag, { weakly: true })) {
    if ((await files.head(fileKey)) === undefined) throw missing();
    return { status: 304, headers: { etag }, stream: nothing() };
  }
  const range = isSameFile(request.header('if-range'), etag)
    ? parseRange(request.header('range'))
    : undefined;
  const headers = {
    'content-type': withCharset(contentType),
    'content-disposition': contentDisposition(filename),
    'accept-ranges': 'bytes',
    etag,
  };
  if (range === undefined) {
    const file = await files.get(fileKey);
    if (file === undefined) throw missing();
    return { status: 200, headers: { ...headers, 'content-length': String(file.size) }, stream: file.body };
  }
  // What stands at the end of a file is known by its size only.
  const size = 'last' in range ? (await files.head(fileKey))?.size : undefined;
  if ('last' in range && size === undefined) throw missing();
  const wanted = 'last' in range ? rangeOf(range, size ?? 0) : range;
  if (wanted === undefined) throw unsatisfiable(size ?? 0);
  const file = await files.get(fileKey, wanted);
  if (file === undefined) throw missing();
  return { ...partOf(file, headers, range), status: 206 };
}

function partOf(file: StoredFile, headers: Record<string, string>, asked: Parameters<typeof rangeOf>[0]) {
  const sent = rangeOf(asked, file.size);
  if (sent === undefined) throw unsatisfiable(file.size);
  return {
    headers: {
      ...headers,
      'content-length': String(sent.end - sent.start + 1),
      'content-range': `bytes ${sent.start}-${sent.end}/${file.size}`,
    },
    stream: file.body,
  };
}

const isAnother = (etag: string): Refused =>
  new Refused({
    category: 'precondition_failed',
    message: `The file is ${etag}, not the one named: download it anew.`,
    headers: { etag },
  });

const unsatisfiable = (size: number): Refused =>
  new Refused({
    category: 'range_not_satisfiable',
    message: `The file has ${size} bytes.`,
    headers: { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' },
  });

/** An empty chunk, because the Lambda runtime sends status and headers with the first write. */
async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
}

/** Text without a charset is UTF-8, and browsers must not guess. */
const withCharset = (contentType: string): string =>
  /^text\//i.test(contentType) && !/charset=/i.test(contentType)
    ? `${contentType}; charset=utf-8`
    : contentType;
