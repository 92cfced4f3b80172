import { type NumberFormat, PLAIN_FORMAT } from '../number-format.ts';
import { namedFormat } from './named-format.ts';

const PROPERTY =
  /mso-number-format\s*:\s*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|((?:\\[\s\S]|[^;\\])*))/i;
const CLASS = /\.([\w-]+)\s*$/;
// Excel writes quotes by their code point, and a backslash before every other sign.
const ESCAPE = /\\(?:([0-9a-f]{4})|([\s\S]))/gi;

function codeIn(declarations: string): string | undefined {
  const [, double, single, bare] = PROPERTY.exec(declarations) ?? [];
  return (double ?? single ?? bare)
    ?.replace(ESCAPE, (_, hex: string | undefined, sign: string | undefined) =>
      hex === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .trim();
}

/** The number formats that a page's style sheet and its cells' styles name, as Excel writes them into web pages. */
export class CssFormats {
  readonly #classes = new Map<string, string>();
  // By code: each is read once.
  readonly #formats = new Map<string, NumberFormat>();

  /** Reads a style sheet. */
  add(sheet: string): void {
    for (const rule of sheet.split('}')) {
      const brace = rule.indexOf('{');
      const code = brace < 0 ? undefined : codeIn(rule.slice(brace));
      if (code === undefined) continue;
      for (const selector of rule.slice(0, brace).split(',')) {
        const name = CLASS.exec(selector)?.[1];
        if (name !== undefined) this.#classes.set(name, code);
      }
    }
  }

  /** The format of a cell by its `style` and `class`. */
  of(style: string | undefined, classes: string | undefined): NumberFormat {
    const own = style === undefined ? undefined : codeIn(style);
    const code =
      own ??
      classes
        ?.split(/\s+/)
        .flatMap((name) => this.#classes.get(name) ?? [])
        .at(-1);
    if (code === undefined) return PLAIN_FORMAT;
    const format = this.#formats.get(code) ?? namedFormat(code);
    this.#formats.set(code, format);
    return format;
  }
}
