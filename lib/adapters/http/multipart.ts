import { invalid, Refused } from '../../apis/operation/refusal.ts';
import { decodeBytes } from './decode-bytes.ts';
import { FormError, type FormPart, formParts } from './form-parts.ts';
import { headerValue } from './header-parameters.ts';
import { partNames } from './part-names.ts';
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

/**
 * The parts of a `multipart/form-data` body.
 * @throws Refused 422 when there is no file part to be found, 400 when the form is cut or malformed.
 */
export async function parseForm(request: HttpRequest): Promise<Form> {
  const { value, parameters } = headerValue(request.header('content-type') ?? '');
  if (value !== 'multipart/form-data' || request.body === undefined) throw missingFile();
  const boundary = parameters.get('boundary');
  if (boundary === undefined) throw malformed('Missing boundary in multipart.');
  const form: Form = { fields: {}, files: [] };
  try {
    for (const part of formParts(request.body, boundary)) keep(form, part);
  } catch (error) {
    throw error instanceof FormError ? malformed(error.message, error) : error;
  }
  return form;
}

/** A part that is not of a form is for nobody. */
function keep({ fields, files }: Form, { headers, content }: FormPart): void {
  const names = partNames(headers.get('content-disposition') ?? '');
  if (names === undefined) return;
  const { field, filename } = names;
  const contentType = headers.get('content-type') ?? 'text/plain';
  if (filename !== undefined) {
    // With its charset, which goes out with every download.
    files.push({ field, filename: filename === '' ? undefined : filename, contentType, bytes: content });
    return;
  }
  if (content.length > MAX_FIELD_BYTES) {
    throw malformed(`The part '${field}' is longer than ${MAX_FIELD_BYTES} bytes.`);
  }
  const { parameters } = headerValue(contentType);
  const value = decodeBytes(content, parameters.get('charset') ?? 'utf-8') ?? decodeBytes(content, 'utf-8');
  if (value === undefined) throw malformed(`The part '${field}' is not text in UTF-8.`);
  Object.defineProperty(fields, field, { value, enumerable: true, configurable: true, writable: true });
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
