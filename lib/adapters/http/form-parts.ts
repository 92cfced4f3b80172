import { decodeBytes } from './decode-bytes.ts';

/** One part of a form: its headers by their names in lower case, and its content. */
export interface FormPart {
  headers: ReadonlyMap<string, string>;
  content: Buffer;
}

/** Why a form cannot be read, in a sentence for its sender. */
export class FormError extends Error {
  override readonly name = 'FormError';
}

/** In bytes: room for a name of any length that is kept, in every encoding of it. */
const MAX_PART_HEADER_BYTES = 16_384;
const MAX_HEADERS = 50;
/** Those that are for nobody among them: a form of nothing but delimiters has a million of them in few bytes. */
const MAX_PARTS = 20;
/** RFC 2046, 5.1.1. */
const MAX_BOUNDARY = 70;

const CRLF = '\r\n';
const DASHES = '--';
const AFTER_DELIMITER: ReadonlySet<number> = new Set(Buffer.from('-\r \t'));

/**
 * The parts between the delimiters of a form that is there whole (RFC 2046). What stands before the first and after
 * the last is for nobody.
 * @throws FormError
 */
export function* formParts(body: Buffer, boundary: string): Generator<FormPart> {
  if (boundary === '' || boundary.length > MAX_BOUNDARY) {
    throw new FormError(`The boundary of a form has 1 to ${MAX_BOUNDARY} characters.`);
  }
  let at = nextDelimiter(body, boundary, 0);
  for (let parts = 0; ; parts += 1) {
    if (at === undefined) throw new FormError('The form could not be read to its end.');
    if (at.isLast) return;
    if (parts === MAX_PARTS) throw new FormError(`The form has more than ${MAX_PARTS} parts.`);
    const next = nextDelimiter(body, boundary, at.end - CRLF.length);
    if (next === undefined) throw new FormError('The form ends in the middle of a part.');
    const part = partOf(body.subarray(at.end, Math.max(at.end, next.start)));
    if (part !== undefined) yield part;
    at = next;
  }
}

interface Delimiter {
  /** Where the content before it ends, and where the part after it begins. */
  start: number;
  end: number;
  isLast: boolean;
}

/** A line of two dashes and the boundary, with two dashes after it when it is the last. */
function nextDelimiter(body: Buffer, boundary: string, from: number): Delimiter | undefined {
  const line = Buffer.from(CRLF + DASHES + boundary, 'latin1');
  const first = line.subarray(CRLF.length);
  // Only at the very beginning is there no line before it.
  const isFirst = from === 0 && body.subarray(0, first.length).equals(first);
  for (
    let start = isFirst ? 0 : body.indexOf(line, from);
    start !== -1;
    start = body.indexOf(line, start + 1)
  ) {
    const after = start + (isFirst && start === 0 ? first : line).length;
    // By its byte: millions of lines may begin like a delimiter.
    if (!AFTER_DELIMITER.has(body[after] ?? 0)) continue;
    if (body.toString('latin1', after, after + DASHES.length) === DASHES) {
      return { start, end: body.length, isLast: true };
    }
    const padding = /^[ \t]*\r\n/.exec(body.toString('latin1', after, after + MAX_BOUNDARY))?.[0];
    if (padding !== undefined) return { start, end: after + padding.length, isLast: false };
  }
  return undefined;
}

/** Undefined for a part whose headers are none: it is for nobody. */
function partOf(bytes: Buffer): FormPart | undefined {
  const end = bytes.indexOf(CRLF + CRLF);
  if (end === -1 || bytes.indexOf(CRLF) === 0) return undefined;
  if (end > MAX_PART_HEADER_BYTES)
    throw new FormError(`A part has more than ${MAX_PART_HEADER_BYTES} bytes of headers.`);
  const head = bytes.subarray(0, end);
  // Names are UTF-8 since browsers have agreed on it, and one byte a character before.
  const text = (decodeBytes(head, 'utf-8') ?? head.toString('latin1')).replace(/\r\n(?=[ \t])/g, '');
  const lines = text.split(CRLF);
  // A line break of half a kind is how a name would become a header.
  if (lines.length > MAX_HEADERS || lines.some((line) => /[\r\n]/.test(line))) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, content: bytes.subarray(end + 2 * CRLF.length) };
}
