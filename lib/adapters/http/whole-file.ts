import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StreamReply } from './reply.ts';
import type { HttpRequest } from './request.ts';

const compress = promisify(gzip);

/** Below this, in bytes, a compressed file is hardly smaller than itself. */
const WORTH_COMPRESSING = 1024;
/** Pictures are compressed already. */
const TEXT = /^text\/|json/;

export interface WholeFile {
  bytes: Uint8Array;
  contentType: string;
  headers?: Record<string, string>;
}

/** A file that is the same for everybody, compressed for those who take it so: nothing before us does. */
export async function wholeFile(
  request: Pick<HttpRequest, 'header'>,
  { bytes, contentType, headers = {} }: WholeFile,
): Promise<StreamReply> {
  const isTaken = /\bgzip\b/.test(request.header('accept-encoding') ?? '');
  const isCompressed = isTaken && TEXT.test(contentType) && bytes.length >= WORTH_COMPRESSING;
  const sent = isCompressed ? await compress(bytes) : bytes;
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'cache-control': 'public, max-age=3600', // a deployment is seen within the hour
      vary: 'accept-encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    },
    stream: once(sent),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
