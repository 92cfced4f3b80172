import countries from 'i18n-iso-countries';
import { headerKey } from '../../words/words.ts';
import type { TextReader } from './text-reader.ts';

export type CountryForm = 'alpha2' | 'alpha3' | 'name';

const MAX_CHARACTERS = 200;

let named: ReadonlyMap<string, string | null> | undefined;

/** Of each name in any language the country's code, by the name's plain words; null where two countries have it. */
function codesByName(): ReadonlyMap<string, string | null> {
  if (named !== undefined) return named;
  const codes = new Map<string, string | null>();
  for (const language of countries.langs()) {
    for (const [code, names] of Object.entries(countries.getNames(language, { select: 'all' }))) {
      for (const name of names) {
        const key = headerKey(name);
        const known = codes.get(key);
        codes.set(key, known === undefined || known === code ? code : null);
      }
    }
  }
  named = withShortNames(codes);
  return named;
}

/** Where the package has only a full name, such as `États-Unis d'Amérique`, Unicode's names have the short one. */
function withShortNames(codes: Map<string, string | null>): Map<string, string | null> {
  const full = new Set(codes.keys());
  for (const language of Intl.DisplayNames.supportedLocalesOf(countries.langs())) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of Object.keys(countries.getAlpha2Codes())) {
      const key = headerKey(names.of(code) ?? '');
      if (key === '' || full.has(key)) continue;
      const known = codes.get(key);
      codes.set(key, known === undefined || known === code ? code : null);
    }
  }
  return codes;
}

/** `DE`, `DEU` or `276`, and `U.S.`: as ISO 3166-1 has them. */
function byCode(words: string): string | undefined {
  const code = words.replaceAll(' ', '').toUpperCase();
  if (/^\d{1,3}$/.test(code)) return countries.numericToAlpha2(code.padStart(3, '0'));
  if (code.length === 2) return countries.isValid(code) ? code : undefined;
  return code.length === 3 ? countries.alpha3ToAlpha2(code) : undefined;
}

const WRITTEN: Record<CountryForm, (code: string) => string | undefined> = {
  alpha2: (code) => code,
  alpha3: (code) => countries.alpha2ToAlpha3(code),
  name: (code) => countries.getName(code, 'en'),
};

/** Reads a country's code, or its name in any language that the package knows; a name is written in English. */
export function countryReader(form: CountryForm): TextReader {
  const write = WRITTEN[form];
  const names = codesByName();
  return (text) => {
    if (text.length > MAX_CHARACTERS) return null;
    const words = headerKey(text);
    const code = byCode(words) ?? names.get(words) ?? null;
    return code === null ? null : (write(code) ?? null);
  };
}
