import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import type { TextReader } from './text-reader.ts';

/** E.164 has at most 15 digits; what is written around them is not longer than that again, and an extension. */
const MAX_CHARACTERS = 60;

/** `Tel.: 030 …`, `tel:+49…`. */
const LABEL = /^\p{L}+[.:]+\s*/u;
const FIGURES = /^[1-9][\d\s]*$/;

function possible(text: string, country: CountryCode): PhoneNumber | undefined {
  const found = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  // Ranges are handed out faster than packages are released, so that a number of a known length is one.
  return found?.isPossible() ? found : undefined;
}

/**
 * Reads telephone numbers to E.164 (`+4930901820`): those without a country are of this one. An extension is left
 * out, as E.164 has none. @throws TypeError for a country that has no telephone numbers.
 */
export function phoneReader(country: string): TextReader {
  if (!isSupportedCountry(country)) throw new TypeError(`${country} has no telephone numbers`);
  const code = getCountryCallingCode(country);
  // In a number cell the plus is lost. Where numbers at home are written with a zero in front, this is none of them.
  const international = (text: string): PhoneNumber | undefined => {
    const found = FIGURES.test(text) && text.startsWith(code) ? possible(`+${text}`, country) : undefined;
    return found?.formatNational().startsWith('0') ? found : undefined;
  };
  return (written) => {
    if (written.length > MAX_CHARACTERS) return null;
    const text = written.replace(LABEL, '');
    return (international(text) ?? possible(text, country))?.number ?? null;
  };
}
