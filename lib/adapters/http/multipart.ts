import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { invalid, Refused } from '../../apis/operation/refusal.ts';
import type { HttpRequest } from './request.ts';

export interface FilePart {
  field: string;
  filename: string | undefined;
  contentType: string;
  bytes: Buffer;
}

export interface Form {
  fields: Record<string, string>;
  files: FilePart[];
}

/** Text parts are settings, not content. */
const MAX_FIELD_BYTES = 65_536;
const MAX_PARTS = 20;

/**
 * The parts of a `multipart/form-data` body.
 * @throws Refused 422 when there is no file part to be found, 400 when the form is cut or malformed.
 */
export function parseForm(request: HttpRequest): Promise<Form> {
  const contentType = request.header('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType) || request.body === undefined) {
    throw missingFile();
  }
  if (!/boundary=/i.test(contentType)) throw malformed('Missing boundary in multipart.');
  const { body } = request;

  return new Promise((resolve, reject) => {
    const form: Form = { fields: {}, files: [] };
    const parser = parserFor(contentType);
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) reject(malformed(`The part '${name}' is longer than ${MAX_FIELD_BYTES} bytes.`));
      else
        Object.defineProperty(form.fields, name, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    });
    parser.on('file', (field, stream, filename, _encoding, mimeType) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', (error: Error) =>
        reject(malformed('The form ends in the middle of a part.', error)),
      );
      stream.on('end', () => {
        form.files.push({
          field,
          filename: filename || undefined,
          contentType: mimeType,
          bytes: Buffer.concat(chunks),
        });
      });
    });
    parser.on('partsLimit', () => reject(malformed(`The form has more than ${MAX_PARTS} parts.`)));
    parser.on('error', (error) => reject(malformed('The form could not be read to its end.', error)));
    parser.on('finish', () => resolve(form));
    Readable.from(chunksOf(body)).pipe(parser);
  });
}

/** The parser never ends when a part that it skips comes in one larger piece. */
const CHUNK_BYTES = 16_384;

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES);
}

/** @throws Refused 400: the parser refuses by throwing, such as a boundary that is longer than it can look for. */
function parserFor(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fieldSize: MAX_FIELD_BYTES, parts: MAX_PARTS, headerPairs: 50 },
      isPartAFile: (_field, _type, filename) => filename !== undefined,
    });
  } catch (cause) {
    throw malformed('The content type of the form could not be read.', cause);
  }
}

const malformed = (message: string, cause?: unknown): Refused =>
  new Refused({ category: 'bad_request', message }, { cause });

const missingFile = (): Refused =>
  invalid('Invalid request', [{ path: 'file', message: 'Field required', code: 'missing' }]);

/** The one file of a form, under the name it has to have. */
export function theFile(form: Form): FilePart {
  const [file, second] = form.files.filter(({ field }) => field === 'file');
  if (file === undefined) throw missingFile();
  if (second !== undefined) {
    throw invalid('Invalid request', [{ path: 'file', message: 'Send one file', code: 'too_long' }]);
  }
  return file;
}
