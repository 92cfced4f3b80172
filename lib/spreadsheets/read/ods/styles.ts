import { type DigitMask, digitMask } from '../digit-mask.ts';
import type { XmlSink, XmlTag } from './xml-walk.ts';

/** What a style makes of a number. */
export type StyleKind = 'number' | 'currency' | 'percentage' | 'date' | 'time';

/** A style that says how a value looks. */
interface DataStyle {
  readonly kind: StyleKind;
  /** The format code that shows the same, of a style for plain numbers. */
  code: string;
  /** Made of the code when it is first needed. */
  mask: DigitMask | undefined;
  isElapsed: boolean;
  symbol: string;
  /** Other styles for some values, in order. */
  readonly others: { readonly condition: string; readonly style: string }[];
}

const NO_MASK: DigitMask = () => null;

interface CellStyle {
  readonly parent: string | undefined;
  readonly data: string | undefined;
}

const DATA_STYLES = new Map<string, StyleKind>([
  ['number:number-style', 'number'],
  ['number:currency-style', 'currency'],
  ['number:percentage-style', 'percentage'],
  ['number:date-style', 'date'],
  ['number:time-style', 'time'],
]);

// A chain of parents that is longer goes in a circle.
const MAX_PARENTS = 20;
const CONDITION = /^value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[\d.]+)$/;

function holds(condition: string, value: number): boolean {
  const [, sign, text] = CONDITION.exec(condition.trim()) ?? [];
  const limit = Number(text);
  if (sign === '<') return value < limit;
  if (sign === '<=') return value <= limit;
  if (sign === '>') return value > limit;
  if (sign === '>=') return value >= limit;
  return sign === '=' ? value === limit : sign === '!=' && value !== limit;
}

const quoted = (text: string): string => (text === '' ? '' : `"${text.replaceAll('"', '')}"`);

// No number has more digits; a style that asks for more is no name.
const MAX_DIGITS = 20;

/** Digits with texts between them: `number:position` counts the digits to the right of a text. */
function digitsCode(digits: number, between: ReadonlyMap<number, string>): string {
  let code = '';
  for (let left = digits; left > 0; left--) code += `${quoted(between.get(left) ?? '')}0`;
  return code;
}

/** The styles of a workbook, as far as they change what a cell says. Styles that come later win. */
export class OdsStyles implements XmlSink {
  readonly #hiddenTables = new Set<string>();
  readonly #cells = new Map<string, CellStyle>();
  readonly #data = new Map<string, DataStyle>();
  readonly #resolved = new Map<string, DataStyle | undefined>();
  // What is being read.
  #table: string | undefined;
  #style: DataStyle | undefined;
  #digits: { count: number; decimals: number; between: Map<number, string> } | undefined;
  #position: number | undefined;
  #text: string | undefined;

  get wantsText(): boolean {
    return this.#text !== undefined;
  }

  text(text: string): void {
    if (this.#text !== undefined) this.#text += text;
  }

  open(tag: XmlTag): void {
    const { name } = tag;
    const kind = DATA_STYLES.get(name);
    if (name === 'style:style') this.#openStyle(tag);
    else if (name === 'style:table-properties') {
      if (this.#table === undefined) return;
      if (tag.attribute('table:display') === 'false') this.#hiddenTables.add(this.#table);
      else this.#hiddenTables.delete(this.#table);
    } else if (kind !== undefined) {
      const isElapsed = tag.attribute('number:truncate-on-overflow') === 'false';
      this.#style = { kind, code: '', mask: undefined, isElapsed, symbol: '', others: [] };
      this.#data.set(tag.attribute('style:name') ?? '', this.#style);
    } else if (this.#style !== undefined) this.#openPart(tag, this.#style);
  }

  #openStyle(tag: XmlTag): void {
    const name = tag.attribute('style:name') ?? '';
    const family = tag.attribute('style:family');
    this.#table = family === 'table' ? name : undefined;
    if (family !== 'table-cell') return;
    this.#cells.set(name, {
      parent: tag.attribute('style:parent-style-name'),
      data: tag.attribute('style:data-style-name'),
    });
  }

  #openPart(tag: XmlTag, style: DataStyle): void {
    const { name } = tag;
    if (name === 'style:map') {
      const other = tag.attribute('style:apply-style-name') ?? '';
      style.others.push({ condition: tag.attribute('style:condition') ?? '', style: other });
    } else if (name === 'number:number') {
      const grouped = tag.attribute('number:grouping') === 'true';
      const count = Number(tag.attribute('number:min-integer-digits') ?? 0);
      const decimals =
        Number(tag.attribute('number:decimal-places') ?? 0) +
        Number(tag.attribute('number:min-decimal-places') ?? 0);
      this.#digits = { count: grouped ? 0 : Math.min(count, MAX_DIGITS), decimals, between: new Map() };
      if (tag.empty) this.#closeDigits(style);
    } else if (name === 'number:embedded-text') {
      this.#position = Number(tag.attribute('number:position') ?? 0);
      this.#text = '';
    } else if (!tag.empty && (name === 'number:text' || name === 'number:currency-symbol')) {
      this.#text = '';
    } else if (name === 'number:scientific-number' || name === 'number:fraction') {
      style.code += '#.#';
    }
  }

  close(name: string): void {
    const style = this.#style;
    if (name === 'style:style') this.#table = undefined;
    if (style === undefined) return;
    const text = this.#text ?? '';
    if (name === 'number:text') style.code += quoted(text);
    else if (name === 'number:currency-symbol') style.symbol = text.trim();
    else if (name === 'number:embedded-text') this.#digits?.between.set(this.#position ?? 0, text);
    else if (name === 'number:number') this.#closeDigits(style);
    else if (DATA_STYLES.has(name)) this.#style = undefined;
    else return;
    this.#text = undefined;
  }

  #closeDigits(style: DataStyle): void {
    if (this.#digits === undefined) return;
    const { count, decimals, between } = this.#digits;
    style.code += digitsCode(count, between);
    if (decimals > 0) style.code += `.${'0'.repeat(Math.min(decimals, MAX_DIGITS))}`;
    this.#digits = undefined;
  }

  isHiddenTable(style: string | undefined): boolean {
    return style !== undefined && this.#hiddenTables.has(style);
  }

  /** A number as its cell style shows it, where that is a name rather than an amount; null otherwise. */
  shown(style: string | undefined, value: number): string | null {
    let data = this.#dataOf(style);
    const other = data?.others.find(({ condition }) => holds(condition, value));
    if (other !== undefined) data = this.#data.get(other.style);
    if (data === undefined) return null;
    data.mask ??= digitMask(data.code) ?? NO_MASK;
    // A style of its own for negative numbers says their sign itself.
    return data.mask(other === undefined ? value : Math.abs(value));
  }

  /** What a cell style makes of a number. */
  kind(style: string | undefined): StyleKind {
    return this.#dataOf(style)?.kind ?? 'number';
  }

  /** Whether a time is shown as long as it lasted, past 24 hours, rather than by the clock. */
  isElapsed(style: string | undefined): boolean {
    return this.#dataOf(style)?.isElapsed === true;
  }

  /** The currency that a cell style shows, such as `$`; an empty text where it shows none. */
  currency(style: string | undefined): string {
    const data = this.#dataOf(style);
    if (data === undefined || data.symbol !== '') return data?.symbol ?? '';
    return data.others.map((other) => this.#data.get(other.style)?.symbol ?? '').find(Boolean) ?? '';
  }

  #dataOf(style: string | undefined): DataStyle | undefined {
    if (style === undefined) return undefined;
    if (this.#resolved.has(style)) return this.#resolved.get(style);
    let name: string | undefined = style;
    let data: string | undefined;
    for (let depth = 0; depth < MAX_PARENTS && name !== undefined && data === undefined; depth++) {
      const cell: CellStyle | undefined = this.#cells.get(name);
      data = cell?.data;
      name = cell?.parent;
    }
    const found = data === undefined ? undefined : this.#data.get(data);
    this.#resolved.set(style, found);
    return found;
  }
}
