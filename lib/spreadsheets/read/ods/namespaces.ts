import type { RawXml } from '../ooxml/xml-text.ts';

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:';

/** The prefix that every program writes, by the namespace it stands for. */
const USUAL: Readonly<Record<string, string>> = {
  [`${OASIS}office:1.0`]: 'office',
  [`${OASIS}table:1.0`]: 'table',
  [`${OASIS}text:1.0`]: 'text',
  [`${OASIS}style:1.0`]: 'style',
  [`${OASIS}datastyle:1.0`]: 'number',
  [`${OASIS}drawing:1.0`]: 'draw',
  [`${OASIS}config:1.0`]: 'config',
  [`${OASIS}manifest:1.0`]: 'manifest',
  'urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0': 'calcext',
};

const DECLARATION = /\sxmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Names of elements and attributes with the usual prefixes, whatever prefixes a document declares. */
export class Namespaces {
  readonly #usual = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** Takes the declarations of a document's root; those further down are of no element that is read. */
  constructor(head: RawXml) {
    const root = /<[\w.:-]+(?:\s[^<]*?)?>/.exec(head)?.[0] ?? '';
    for (const [, prefix = '', double, single] of root.matchAll(DECLARATION)) {
      const usual = USUAL[double ?? single ?? ''];
      if (usual !== undefined) this.#usual.set(prefix, usual);
    }
  }

  /** The name as usual programs would write it: `table:table-cell`. */
  usual(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? '' : name.slice(0, colon);
    const usual = this.#usual.get(prefix);
    const full = usual === undefined ? name : `${usual}:${name.slice(colon + 1)}`;
    this.#names.set(name, full);
    return full;
  }

  /** The name as this document writes it, of an element with a usual prefix. */
  written(usual: string, local: string): string {
    for (const [prefix, name] of this.#usual) {
      if (name === usual) return prefix === '' ? local : `${prefix}:${local}`;
    }
    return `${usual}:${local}`;
  }
}
