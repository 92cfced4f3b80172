import { tooLarge } from '../../failure.ts';

// Text held back while waiting for the end of one row or string: a row of 1,000 cells of full length.
const MAX_HELD_CHARACTERS = 32_000_000;

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w+));/g;
const LAST_CODE_POINT = 0x10ffff;

const SPACE = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const LESS = 60;
const EQUALS = 61;
const GT = 62;

const NOT_ASCII = /[\x80-\xff]/;

/**
 * XML as this folder handles it: one character per byte of its UTF-8 form. All markup is ASCII, so it can be
 * searched as it is, at half the memory and twice the speed; only texts that are wanted are decoded.
 */
export type RawXml = string;

// Bytes of other alphabets, entities, carriage returns and what may be an escape of OOXML.
const DECODED = Uint8Array.from({ length: 256 }, (_, code) =>
  code > 127 || '&\r_'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** 0 for a character that stands for itself in every text; a text with others has to be decoded. */
export const textClass = (code: number): number => DECODED[code] ?? 1;

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

/** Resolves an attribute's value: white space of any kind is a space there, unless it is written as an entity. */
export const decodeAttribute = (raw: RawXml): string => decodeXml(raw.replace(/\r\n|[\t\n\r]/g, ' '));

const NAME = /[^\s=]*/y;
const SPACES = /\s*/y;

/** Where the text goes on behind what a sticky pattern takes. */
function behind(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}

/** The value of an attribute inside a tag's text; any namespace prefix of its name counts. */
export function attribute(tag: string, name: string): string | undefined {
  let at = 0;
  while (at < tag.length) {
    const nameEnd = behind(NAME, tag, at);
    const equals = behind(SPACES, tag, nameEnd);
    if (tag.charCodeAt(equals) !== EQUALS) {
      at = Math.max(equals, at + 1);
      continue;
    }
    const from = behind(SPACES, tag, equals + 1) + 1;
    const to = tag.indexOf(tag.charAt(from - 1), from);
    if (to < 0) return undefined;
    const qualified = tag.slice(at, nameEnd);
    if (qualified === name || qualified.endsWith(`:${name}`)) return decodeAttribute(tag.slice(from, to));
    at = to + 1;
  }
  return undefined;
}

/** Where a tag ends whose name has been read, its bracket included; 0 where another tag starts before. */
function tagEnd(xml: string, from: number): number {
  for (let at = from; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    if (code === GT) return at + 1;
    if (code === LESS) return 0;
    if (code !== QUOTE && code !== APOSTROPHE) continue;
    const close = xml.indexOf(code === QUOTE ? '"' : "'", at + 1);
    if (close < 0 || xml.slice(at, close).includes('<')) return 0;
    at = close;
  }
  return 0;
}

/** The opening tags of the named element, attributes included, in document order. */
export function tags(xml: string, name: string): string[] {
  const start = new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s/>])`, 'g');
  const found: string[] = [];
  for (let match = start.exec(xml); match !== null; match = start.exec(xml)) {
    const end = tagEnd(xml, start.lastIndex);
    if (end === 0) continue;
    found.push(xml.slice(match.index, end));
    start.lastIndex = end;
  }
  return found;
}

/** The first element of this name with all its content; nothing where there is none. */
export function element(xml: string, name: string): string {
  const open = new RegExp(`<((?:[\\w.-]+:)?)${name}[\\s>]`).exec(xml);
  if (open === null) return '';
  const end = xml.indexOf(`</${open[1]}${name}`, open.index);
  return end < 0 ? '' : xml.slice(open.index, end);
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

/** Where the last end tag of this element stops in the text; 0 where none does. */
function lastEnd(text: RawXml, tag: string): number {
  for (let at = text.lastIndexOf(tag); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(tag, at - 1)) {
    let end = at + tag.length;
    while (text.charCodeAt(end) <= SPACE) end++;
    if (text.charCodeAt(end) === GT) return end + 1;
  }
  return 0;
}

/**
 * Regroups text so that every part but the last ends with an element's end tag. `closing` names the element,
 * prefix included, once the head is known.
 */
export async function* closedParts(
  chunks: AsyncIterable<RawXml>,
  closing: (head: RawXml) => string,
): AsyncGenerator<RawXml> {
  let held: string[] = [];
  let length = 0;
  let tag: string | undefined;
  for await (const chunk of chunks) {
    tag ??= `</${closing(chunk)}`;
    const cut = lastEnd(chunk, tag);
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
