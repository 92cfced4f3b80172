import { plainFigures } from './plain-figures.ts';

export type DecimalSign = '.' | ',';

/** A text that is a number, as it is written. */
export interface WrittenNumber {
  /** Figures, and of `.` and `,` those that are in it. */
  readonly body: string;
  readonly exponent: string;
  /** -1 for a negative, times 0.01 for percent. */
  readonly negative: boolean;
  readonly divisor: 1 | 100 | 1000;
  /** What its decimal sign must be; `either` for `1.234`, which may be a thousand; `none` where it has no sign. */
  readonly decimal: DecimalSign | 'either' | 'none';
}

/** Longer texts are no numbers. */
const MAX_CHARACTERS = 60;

const CURRENCIES = [
  ...[
    'EUR',
    'USD',
    'GBP',
    'CHF',
    'JPY',
    'CNY',
    'RMB',
    'AUD',
    'CAD',
    'NZD',
    'SEK',
    'NOK',
    'DKK',
    'ISK',
    'PLN',
  ],
  ...[
    'CZK',
    'HUF',
    'RON',
    'BGN',
    'RSD',
    'UAH',
    'RUB',
    'TRY',
    'ILS',
    'SAR',
    'AED',
    'EGP',
    'MAD',
    'ZAR',
    'INR',
  ],
  ...[
    'IDR',
    'MYR',
    'SGD',
    'HKD',
    'TWD',
    'KRW',
    'THB',
    'VND',
    'PHP',
    'BRL',
    'MXN',
    'ARS',
    'CLP',
    'COP',
    'PEN',
  ],
  ...[
    '(?:US|CA|AU|NZ|HK|NT|MX|R|C|A|S)?\\$',
    '\\p{Sc}',
    'TL',
    'SFr\\.?',
    'Fr\\.?',
    '[Kk]r\\.?',
    'zł',
    'Kč',
    'Ft',
  ],
  ...[
    '[Ll]ei',
    'лв\\.?',
    'руб\\.?',
    'грн\\.?',
    'р\\.',
    'Rs\\.?',
    'Rp\\.?',
    'RM',
    'дин\\.?',
    'ر\\.س\\.?',
    'د\\.إ\\.?',
    '元',
    '円',
    '원',
  ],
].join('|');
const SIGN = '[+\\-\u2010\u2212\u2013]';
const PERCENT = '[%‰٪؉]';
const BEFORE = new RegExp(`^(?:(${SIGN})|(${PERCENT})|(${CURRENCIES})(?!\\p{L}))\\s*`, 'u');
const AFTER = new RegExp(`\\s*(?:(${SIGN})|(${PERCENT})|(?<!\\p{L})(${CURRENCIES}))$`, 'u');
// `12.–` and `12,-` are amounts without cents.
const EVEN = /(\d)[.,][-\u2013\u2014]{1,2}$/;
const EXPONENT = /^([^e]*\d[.,]?)(e[+-]?\d{1,3})$/i;
// No currency is so long a word: most texts are known by one.
const WORD = /\p{L}{4}/u;
const BARE = /^[\d.,]+$/;
const SPACED = /^\d{1,3}(?:([ '’´])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
const GROUPED: Record<DecimalSign, RegExp> = {
  // India groups by two above the thousands.
  '.': /^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$/,
  ',': /^\d{1,3}(?:\.\d{3})+(?:,\d*)?$/,
};
const ONE_SIGN = /^(\d*)([.,])(\d*)$/;

function decimalOf(body: string): WrittenNumber['decimal'] | null {
  if (/^\d+$/.test(body)) return 'none';
  const [, before = '', sign, after = ''] = ONE_SIGN.exec(body) ?? [];
  if (sign !== undefined) {
    if (before === '' && after === '') return null;
    const mayGroup = after.length === 3 && /^[1-9]\d{0,2}$/.test(before);
    return mayGroup ? 'either' : sign === '.' ? '.' : ',';
  }
  if (GROUPED['.'].test(body)) return '.';
  return GROUPED[','].test(body) ? ',' : null;
}

interface Bare {
  text: string;
  negative: boolean;
  divisor: WrittenNumber['divisor'];
}

const divisorOf = (sign: string): 100 | 1000 => (sign === '%' || sign === '٪' ? 100 : 1000);

/** Takes off signs, brackets, currency and percent, each at most once. Null where one is there again. */
function bared(text: string): Bare | null {
  const bare: Bare = { text, negative: false, divisor: 1 };
  let signs = 0;
  let units = 0;
  for (;;) {
    // Nothing is to be taken off a figure, and most texts begin and end with one.
    const ends = !/\d$/.test(bare.text);
    const even = ends && EVEN.test(bare.text) ? bare.text.replace(EVEN, '$1') : null;
    const before = /^\d/.test(bare.text) ? null : BEFORE.exec(bare.text);
    const after = ends && before === null ? AFTER.exec(bare.text) : null;
    const brackets = ends ? /^\((.+)\)$/.exec(bare.text) : null;
    if (even !== null) {
      bare.text = even;
    } else if (brackets !== null) {
      bare.text = (brackets[1] ?? '').trim();
      bare.negative = true;
      signs++;
    } else if (before !== null) {
      bare.text = bare.text.slice(before[0].length);
      if (before[1] === undefined) units++;
      else signs++;
      if (before[1] !== undefined) bare.negative = before[1] !== '+';
      if (before[2] !== undefined) bare.divisor = divisorOf(before[2]);
    } else if (after !== null) {
      bare.text = bare.text.slice(0, -after[0].length);
      if (after[1] === undefined) units++;
      else signs++;
      if (after[1] !== undefined) bare.negative = after[1] !== '+';
      if (after[2] !== undefined) bare.divisor = divisorOf(after[2]);
    } else {
      return signs > 1 || units > 1 ? null : bare;
    }
    if (signs > 1 || units > 1) return null;
  }
}

/**
 * Reads how a number is written: `1.234,56`, `1 234,56`, `1'234.50`, `(12)`, `12-`, `€ 1,5`, `50 %`, in the
 * figures of any script. Null if the text is no number.
 */
export function writtenNumber(raw: string): WrittenNumber | null {
  if (raw.length > MAX_CHARACTERS || WORD.test(raw)) return null;
  const text = plainFigures(raw);
  const bare = BARE.test(text) ? { text, negative: false, divisor: 1 as const } : bared(text);
  if (bare === null) return null;
  const { negative, divisor } = bare;
  const [, mantissa = bare.text, exponent = ''] = EXPONENT.exec(bare.text) ?? [];
  // The Arabic signs are for this and nothing else.
  const arabic = /[٫٬]/.test(mantissa);
  const signed = arabic ? mantissa.replaceAll('٬', '').replace('٫', '.') : mantissa;
  if (arabic)
    return /^\d+(?:\.\d*)?$/.test(signed)
      ? { body: signed, exponent, negative, divisor, decimal: '.' }
      : null;
  const spaced = SPACED.exec(signed);
  if (spaced !== null) {
    const body = signed.replaceAll(spaced[1] ?? ' ', '');
    const decimal = body.includes('.') ? '.' : body.includes(',') ? ',' : 'none';
    return { body, exponent, negative, divisor, decimal };
  }
  const decimal = decimalOf(signed);
  return decimal === null ? null : { body: signed, exponent, negative, divisor, decimal };
}

/** The number, where `.` and `,` are what they must be or, if that is open, what `decimal` says. */
export function numberOf(written: WrittenNumber, decimal: DecimalSign): number {
  const { body, exponent, negative, divisor } = written;
  const sign = written.decimal === '.' || written.decimal === ',' ? written.decimal : decimal;
  const ungrouped = body.replaceAll(sign === '.' ? ',' : '.', '');
  const number = Number(ungrouped.replace(',', '.') + exponent) / divisor;
  return negative && number !== 0 ? -number : number;
}
