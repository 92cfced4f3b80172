import { type NumberFormat, PLAIN_FORMAT } from '../number-format.ts';
import { namedFormat } from './named-format.ts';

/** The style of what names none. */
const DEFAULT = 'Default';

/** The number formats of a document's styles, those that they have from others included. */
export class XmlStyles {
  readonly #parents = new Map<string, string>();
  readonly #formats = new Map<string, NumberFormat>();

  add(id: string, parent: string | undefined): void {
    if (parent !== undefined) this.#parents.set(id, parent);
  }

  format(id: string, format: string): void {
    this.#formats.set(id, namedFormat(format));
  }

  /** What a style makes of a number: what it says itself, or the next above it that says something. */
  of(id: string = DEFAULT): NumberFormat {
    const seen = new Set<string>();
    let found: NumberFormat | undefined;
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      found = this.#formats.get(at);
      if (found !== undefined) break;
      seen.add(at);
    }
    const format = found ?? PLAIN_FORMAT;
    // Each cell asks: a chain of styles is gone up once.
    for (const at of seen) this.#formats.set(at, format);
    return format;
  }
}
