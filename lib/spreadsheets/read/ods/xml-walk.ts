import { unreadable } from '../../failure.ts';
import { decodeBytes, decodeXml, type RawXml } from '../ooxml/xml-text.ts';
import type { Namespaces } from './namespaces.ts';

/** An opening tag. Its attributes are found only when somebody asks. */
export class XmlTag {
  /** With the usual prefix, such as `table:table-cell`. */
  readonly name: string;
  /** There is no closing tag. */
  readonly empty: boolean;
  /** Where the tag starts and ends in the piece of text. */
  readonly start: number;
  readonly end: number;
  readonly #text: RawXml;
  readonly #namespaces: Namespaces;
  #attributes: Map<string, RawXml> | undefined;

  constructor(text: RawXml, start: number, nameEnd: number, end: number, namespaces: Namespaces) {
    this.name = namespaces.usual(text.slice(start + 1, nameEnd));
    this.empty = text.charCodeAt(end - 2) === SLASH;
    this.start = start;
    this.end = end;
    this.#text = text.slice(nameEnd, end - 1);
    this.#namespaces = namespaces;
  }

  /** The value of an attribute, named with its usual prefix. */
  attribute(name: string): string | undefined {
    this.#attributes ??= attributesOf(this.#text, this.#namespaces);
    const raw = this.#attributes.get(name);
    return raw === undefined ? undefined : decodeXml(raw);
  }

  /** A count of at least 1, as `table:number-columns-repeated` is. */
  count(name: string): number {
    const said = this.attribute(name);
    const number = said === undefined ? 1 : Number(said);
    return Number.isSafeInteger(number) && number > 1 ? number : 1;
  }
}

/** What looks at a document as it passes. */
export interface XmlSink {
  /** Whether text is worth decoding here. */
  readonly wantsText: boolean;
  open(tag: XmlTag): void;
  /** `start` is where the closing tag starts in the piece of text. */
  close(name: string, start: number): void;
  text(text: string): void;
}

const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const GT = 62;
const EQUALS = 61;
const DOUBLE = 34;
const SINGLE = 39;
const SPACE = 32;

const damaged = (): Error => unreadable('The file is damaged: the XML inside it is not well formed.');

function attributesOf(text: RawXml, namespaces: Namespaces): Map<string, RawXml> {
  const found = new Map<string, RawXml>();
  let at = 0;
  for (;;) {
    while (text.charCodeAt(at) <= SPACE) at++;
    const start = at;
    while (at < text.length && text.charCodeAt(at) !== EQUALS && text.charCodeAt(at) > SPACE) at++;
    if (at >= text.length) return found;
    const name = text.slice(start, at);
    while (text.charCodeAt(at) <= SPACE) at++;
    if (text.charCodeAt(at) !== EQUALS) throw damaged();
    at++;
    while (text.charCodeAt(at) <= SPACE) at++;
    const quote = text.charCodeAt(at);
    if (quote !== DOUBLE && quote !== SINGLE) throw damaged();
    const close = text.indexOf(quote === DOUBLE ? '"' : "'", at + 1);
    if (close < 0) throw damaged();
    found.set(namespaces.usual(name), text.slice(at + 1, close));
    at = close + 1;
  }
}

/** Where a tag ends, its bracket included: values may hold brackets of their own. */
function tagEnd(text: RawXml, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === GT) return at + 1;
    if (code !== DOUBLE && code !== SINGLE) continue;
    at = text.indexOf(code === DOUBLE ? '"' : "'", at + 1);
    if (at < 0) break;
  }
  throw damaged();
}

function after(text: RawXml, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw damaged();
  return at + mark.length;
}

const CDATA = '<![CDATA[';

/** Where a document type ends; what it declares in brackets is left alone. */
function doctypeEnd(text: RawXml, from: number): number {
  const close = after(text, '>', from);
  const bracket = text.indexOf('[', from);
  return bracket < 0 || bracket > close ? close : after(text, '>', after(text, ']', bracket) - 1);
}

/** Shows a sink the tags and texts of a piece of XML that ends with a tag. Throws SpreadsheetFailure. */
export function walkXml(text: RawXml, namespaces: Namespaces, sink: XmlSink): void {
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    if (sink.wantsText && open > at) sink.text(decodeXml(text.slice(at, open)));
    if (open < 0) return;
    const first = text.charCodeAt(open + 1);
    if (first === SLASH) {
      at = after(text, '>', open);
      sink.close(namespaces.usual(text.slice(open + 2, at - 1).trimEnd()), open);
    } else if (first === BANG) {
      if (text.startsWith(CDATA, open)) {
        at = after(text, ']]>', open);
        if (sink.wantsText) sink.text(decodeBytes(text.slice(open + CDATA.length, at - 3)));
      } else at = text.startsWith('<!--', open) ? after(text, '-->', open + 4) : doctypeEnd(text, open);
    } else if (first === QUESTION) {
      at = after(text, '?>', open);
    } else {
      let nameEnd = open + 1;
      while (text.charCodeAt(nameEnd) > SPACE) {
        const code = text.charCodeAt(nameEnd);
        if (code === GT || code === SLASH) break;
        nameEnd++;
      }
      at = tagEnd(text, nameEnd);
      sink.open(new XmlTag(text, open, nameEnd, at, namespaces));
    }
  }
}
