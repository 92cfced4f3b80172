export type Checksum = 'iban' | 'ean13' | 'luhn';

/** Characters of an IBAN by country, as SWIFT registers them. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28 },
  ...{ CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18 },
  ...{ FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22 },
  ...{ IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20 },
  ...{ LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28, NL: 18 },
  ...{ NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24, SC: 31 },
  ...{ SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29 },
  ...{ VA: 22, VG: 24, XK: 20, YE: 30 },
};
const IBAN = /^([A-Z]{2})\d{2}[A-Z0-9]{11,30}$/;

/** How codes are written in groups says nothing. */
const compact = (text: string): string => text.replace(/[\s\-.]/g, '').toUpperCase();

function isIban(code: string): boolean {
  const [, country] = IBAN.exec(code) ?? [];
  if (country === undefined || (IBAN_LENGTHS[country] ?? code.length) !== code.length) return false;
  let rest = 0;
  for (const sign of code.slice(4) + code.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The sum of the digits, from the last one on, each times what `weigh` makes of it at its place. */
const digitSum = (code: string, weigh: (digit: number, place: number) => number): number =>
  [...code].reverse().reduce((sum, digit, place) => sum + weigh(Number(digit), place), 0);

const isEan13 = (code: string): boolean =>
  /^\d{13}$/.test(code) && digitSum(code, (digit, place) => digit * (place % 2 === 0 ? 1 : 3)) % 10 === 0;

const doubled = (digit: number): number => (digit > 4 ? digit * 2 - 9 : digit * 2);

const isLuhn = (code: string): boolean =>
  /^\d{2,}$/.test(code) &&
  digitSum(code, (digit, place) => (place % 2 === 0 ? digit : doubled(digit))) % 10 === 0;

const TESTS: Record<Checksum, (code: string) => boolean> = { iban: isIban, ean13: isEan13, luhn: isLuhn };

/** No code is longer, in groups or not. */
const MAX_CHARACTERS = 200;

/** Whether a code, written in groups or not, has the check digits that belong to it. */
export const hasChecksum = (kind: Checksum, text: string): boolean =>
  text.length <= MAX_CHARACTERS && TESTS[kind](compact(text));
