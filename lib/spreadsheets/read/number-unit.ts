import type { FormatToken } from './format-code.ts';

const CURRENCY_SIGN = /\p{Sc}/u;
const CODE = /^[A-Z]{3}$/;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
// `[$€-407]`: the symbol, and the language it is written for.
const CURRENCY_BRACKET = /^\$([^-]*)(?:-|$)/;

/** The unit that a section of a number format shows: `percent`, `€`, `EUR`, `R$`; null where it shows none. */
export function unitOf(section: readonly FormatToken[]): string | null {
  for (const { kind, text } of section) {
    if (kind === 'sign' && text === '%') return 'percent';
    const shown = kind === 'bracket' ? (CURRENCY_BRACKET.exec(text)?.[1] ?? '') : text;
    const unit = shown.trim();
    if (kind === 'bracket' && unit !== '') return unit;
    if (kind === 'literal' && (CURRENCY_SIGN.test(unit) || (CODE.test(unit) && CURRENCIES.has(unit)))) {
      return unit;
    }
  }
  return null;
}
