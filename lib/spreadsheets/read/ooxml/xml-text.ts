import { tooLarge } from '../../failure.ts';

// Text held back while waiting for the end of one row or string: a row of 1,000 cells of full length.
const MAX_HELD_CHARACTERS = 32_000_000;

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w+));/g;
const LAST_CODE_POINT = 0x10ffff;

const NOT_ASCII = /[\x80-\xff]/;

/**
 * XML as this folder handles it: one character per byte of its UTF-8 form. All markup is ASCII, so it can be
 * searched as it is, at half the memory and twice the speed; only texts that are wanted are decoded.
 */
export type RawXml = string;

/** Resolves the encoding alone, as CDATA sections want it. */
export const decodeBytes = (raw: RawXml): string =>
  NOT_ASCII.test(raw) ? Buffer.from(raw, 'latin1').toString('utf8') : raw;

/** Resolves encoding, entities and line ends. Entities a document defines itself stay as they are: unexpanded. */
export function decodeXml(raw: RawXml): string {
  const decoded = decodeBytes(raw);
  const text = decoded.includes('\r') ? decoded.replace(/\r\n?/g, '\n') : decoded;
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole;
  });
}

/** Resolves what OOXML adds to XML for characters XML cannot hold: `_x000D_` is a carriage return. */
export function decodeOoxml(raw: RawXml): string {
  const text = decodeXml(raw);
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The value of an attribute inside a tag's text; any namespace prefix of its name counts. */
export function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? undefined : decodeXml(value);
}

/** The opening tags of the named element, attributes included, in document order. */
export function tags(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<]*?)?/?>`, 'g'))].map(([tag]) => tag);
}

/** The namespace prefix of a document's root element, with its colon, or nothing. */
export function rootPrefix(xml: string, root: string): string {
  return new RegExp(`<([\\w.-]+:)?${root}[\\s/>]`).exec(xml)?.[1] ?? '';
}

const isUtf16 = (start: Buffer): boolean =>
  (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0x3c && start[1] === 0);

const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

const fromUtf16 = (bytes: Buffer): RawXml => Buffer.from(bytes.toString('utf16le')).toString('latin1');

/** A whole document's bytes as raw XML, without the byte order mark. */
export const rawXml = (bytes: Buffer): RawXml =>
  (isUtf16(bytes) ? fromUtf16(bytes) : bytes.toString('latin1')).replace(BYTE_ORDER_MARK, '');

/** The same for a document that comes in chunks. One in UTF-16, which nobody writes, is read whole. */
export async function* rawXmlOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<RawXml> {
  const utf16: Buffer[] = [];
  let first = true;
  for await (const chunk of chunks) {
    if (utf16.length > 0 || (first && isUtf16(chunk))) utf16.push(chunk);
    else yield first ? rawXml(chunk) : chunk.toString('latin1');
    first = false;
  }
  if (utf16.length > 0) yield rawXml(Buffer.concat(utf16));
}

/** Regroups text so that every part but the last ends with a closing tag. `closing` names the tag once the head is known. */
export async function* closedParts(
  chunks: AsyncIterable<RawXml>,
  closing: (head: RawXml) => string,
): AsyncGenerator<RawXml> {
  let held: string[] = [];
  let length = 0;
  let tag: string | undefined;
  for await (const chunk of chunks) {
    tag ??= closing(chunk);
    const end = chunk.lastIndexOf(tag);
    const cut = end < 0 ? 0 : end + tag.length;
    if (cut > 0) {
      yield held.length === 0 ? chunk.slice(0, cut) : held.join('') + chunk.slice(0, cut);
      held = [];
      length = 0;
    }
    held.push(chunk.slice(cut));
    length += chunk.length - cut;
    if (length > MAX_HELD_CHARACTERS) throw tooLarge('A single row or text of the workbook is too long.');
  }
  yield held.join('');
}
