import { type NumberFormat, numberFormat, PLAIN_FORMAT } from '../number-format.ts';

const named = (kind: NumberFormat['kind'], unit: string | null = null): NumberFormat => ({
  kind,
  mask: null,
  unit,
});

const DAY = named('datetime');

/** Formats that the file names instead of writing them ("XML Spreadsheet Reference", ss:Format). */
const NAMED = new Map<string, NumberFormat>([
  ['', PLAIN_FORMAT],
  ['General', PLAIN_FORMAT],
  ['General Number', PLAIN_FORMAT],
  ['Fixed', PLAIN_FORMAT],
  ['Standard', PLAIN_FORMAT],
  ['Scientific', PLAIN_FORMAT],
  ['Yes/No', PLAIN_FORMAT],
  ['True/False', PLAIN_FORMAT],
  ['On/Off', PLAIN_FORMAT],
  ['Percent', named('number', 'percent')],
  ['Currency', named('number', '$')],
  ['Euro Currency', named('number', '€')],
  ['General Date', DAY],
  ['Long Date', DAY],
  ['Medium Date', DAY],
  ['Short Date', DAY],
  ['Long Time', DAY],
  ['Medium Time', DAY],
  ['Short Time', DAY],
]);

/** A format by its name, or by its code. */
export const namedFormat = (format: string): NumberFormat => NAMED.get(format) ?? numberFormat(format);

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
