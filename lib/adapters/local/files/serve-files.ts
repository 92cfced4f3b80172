import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { etagOf, isNamed, isSameFile, parseRange, rangeOf } from '../../../apis/files/ranges.ts';
import { preflightHeaders, withCors } from '../../http/cors.ts';
import { headerValue } from '../../http/header-parameters.ts';
import { DISK_FULL, isOutOfSpace } from '../disk-space.ts';
import type { DiskFileStore } from './disk-file-store.ts';
import { DOWNLOAD_PATH, type Mistrust, UPLOAD_PATH } from './signed-files.ts';

/** Answers the URLs that the store signs, as S3 would; false for every other request. */
export const serveFiles =
  (
    store: DiskFileStore,
    corsOrigins: readonly string[] = [],
    isShortOfSpace: () => Promise<boolean> = async () => false,
  ) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    const [path, query = ''] = (req.url ?? '').split('?');
    if (path?.startsWith('/_files/')) {
      // Forms and downloads are requests that a page may send unasked; it is the answer that it may not read.
      const asked = { header: (name: string) => req.headers[name]?.toString() };
      for (const [name, value] of Object.entries(withCors({}, corsOrigins, asked)))
        res.setHeader(name, value);
    }
    if (path?.startsWith('/_files/') && req.method === 'OPTIONS') {
      // A page that follows a redirect sends the headers of its request along, and asks whether it may.
      res.writeHead(204, preflightHeaders('GET, HEAD, POST')).end();
    } else if (path === UPLOAD_PATH && req.method === 'POST') {
      await answering(res, async () => {
        if (await isShortOfSpace()) throw DISK_IS_FULL;
        await upload(store, req, res);
      });
    } else if (path === DOWNLOAD_PATH && (req.method === 'GET' || req.method === 'HEAD')) {
      await answering(res, () => download(store, req, res, new URLSearchParams(query)));
    } else if (path?.startsWith('/_files/')) refuse(res, new S3Error(404, 'NoSuchKey', 'No such file.'));
    else return false;
    return true;
  };

class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const DISK_IS_FULL = new S3Error(503, 'ServiceUnavailable', DISK_FULL);

const MISTRUST: Record<Mistrust, S3Error> = {
  forged: new S3Error(403, 'SignatureDoesNotMatch', 'The signature does not match what was signed.'),
  expired: new S3Error(403, 'AccessDenied', 'Invalid according to Policy: Policy expired.'),
};

const IS_ANOTHER = new S3Error(
  412,
  'PreconditionFailed',
  'The file is not the one that If-Match names: download it anew.',
);

async function answering(res: ServerResponse, answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (res.headersSent || res.destroyed) res.destroy();
    else if (error instanceof S3Error) refuse(res, error);
    else if (isOutOfSpace(error)) refuse(res, DISK_IS_FULL);
    else throw error;
  }
}

function refuse(res: ServerResponse, { status, code, message }: S3Error): void {
  // Closing on a client that still sends would take the answer from it.
  res.req.resume();
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' });
  res.end(body);
}

const MALFORMED = new S3Error(400, 'MalformedPOSTRequest', 'The form could not be read to its end.');
/** RFC 2046, 5.1.1: the parser takes no other for a fault of its caller. */
const BOUNDARY = /^[\w'()+,./:=? -]{1,70}$/;
const MAX_FIELD_BYTES = 16_384;
const MAX_FIELDS = 20;

/** A form's fields come first and decide; the file is written while it arrives. */
async function upload(store: DiskFileStore, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { value: type, parameters } = headerValue(req.headers['content-type'] ?? '');
  const boundary = parameters.get('boundary') ?? '';
  if (type !== 'multipart/form-data' || boundary === '') {
    throw new S3Error(
      412,
      'PreconditionFailed',
      'Bucket POST must be of the enclosure-type multipart/form-data',
    );
  }
  if (!BOUNDARY.test(boundary)) throw MALFORMED;
  const form = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    limits: { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 1 },
    isPartAFile: (name) => name === 'file',
  });
  const fields = new Map<string, string>();
  let file: BusboyFileStream | undefined;
  let saved: Promise<void> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      form.on('field', (name, value) => fields.set(name.toLowerCase(), value));
      form.on('file', (_name, stream) => {
        file = stream;
        stream.on('error', () => undefined); // whoever reads it rejects with it
        saved = save(store, fields, stream);
        saved.catch(reject);
      });
      form.on('finish', () => {
        if (saved !== undefined) saved.then(resolve, reject);
        else reject(new S3Error(400, 'InvalidArgument', 'POST requires exactly one file.'));
      });
      form.on('error', () => reject(MALFORMED));
      req.on('close', () => req.complete || reject(MALFORMED));
      req.pipe(form);
    });
  } catch (error) {
    req.unpipe(form);
    file?.destroy(error instanceof Error ? error : undefined);
    await saved?.catch(() => undefined); // it has its reason already
    throw error;
  }
  res.writeHead(204).end();
}

async function save(
  store: DiskFileStore,
  fields: Map<string, string>,
  file: BusboyFileStream,
): Promise<void> {
  const policy = await store.signed.checkUpload(fields.get('policy') ?? '', fields.get('x-signature') ?? '');
  if (typeof policy === 'string') throw MISTRUST[policy];
  const { key, contentType, maxBytes } = policy;
  const expected = new Map([
    ['key', key],
    ['content-type', contentType],
    ['policy', fields.get('policy')],
    ['x-signature', fields.get('x-signature')],
  ]);
  const isOther = ([name, value]: [string, string]) => expected.get(name) !== value;
  if (fields.size !== expected.size || [...fields].some(isOther)) {
    throw new S3Error(403, 'AccessDenied', 'Invalid according to Policy: Policy Condition failed.');
  }
  await store.write(key, upTo(maxBytes, file), { contentType });
}

async function* upTo(maxBytes: number, file: BusboyFileStream): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of file as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
    }
    yield chunk;
  }
}

async function download(
  store: DiskFileStore,
  req: IncomingMessage,
  res: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const grant = await store.signed.checkDownload(query.get('grant') ?? '', query.get('signature') ?? '');
  if (typeof grant === 'string') throw MISTRUST[grant];
  const etag = etagOf(grant.key);
  const isHeld = isSameFile(req.headers['if-range']?.toString(), etag);
  const asked = isHeld ? parseRange(req.headers.range) : undefined;
  const size = (await store.head(grant.key))?.size;
  const wanted = req.headers['if-match'];
  if (size !== undefined && wanted !== undefined && !isNamed(wanted, etag, { weakly: false }))
    throw IS_ANOTHER;
  const held = req.headers['if-none-match'];
  if (size !== undefined && held !== undefined && isNamed(held, etag, { weakly: true })) {
    res.writeHead(304, { etag }).end();
    return;
  }
  const range = asked === undefined || size === undefined ? undefined : rangeOf(asked, size);
  const file = await store.get(grant.key, range);
  if (file === undefined) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
  const headers = {
    'content-type': grant.contentType,
    'content-disposition': attachment(grant.filename),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    etag,
  };
  if (asked === undefined) res.writeHead(200, { ...headers, 'content-length': file.size });
  else {
    if (range === undefined) {
      res.setHeader('content-range', `bytes */${file.size}`);
      throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable');
    }
    const length = range.end - range.start + 1;
    const contentRange = `bytes ${range.start}-${range.end}/${file.size}`;
    res.writeHead(206, { ...headers, 'content-length': length, 'content-range': contentRange });
  }
  if (req.method === 'HEAD') res.end();
  else await pipeline(file.body, res);
}

/** RFC 6266: a plain name for old clients, the true one encoded. */
function attachment(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
