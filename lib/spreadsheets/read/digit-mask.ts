import { type FormatToken, formatSections } from './format-code.ts';
import { unitOf } from './number-unit.ts';

/** Shows a number as its format does; null where the format shows it as an amount, or not with all its digits. */
export type DigitMask = (value: number) => string | null;

interface Section {
  readonly matches: ((value: number) => boolean) | null;
  /** Null for a section that shows amounts. */
  readonly show: ((size: number) => string | null) | null;
}

const CONDITION = /^(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$/;
const COMPARE: Record<string, (value: number, bound: number) => boolean> = {
  '<=': (value, bound) => value <= bound,
  '>=': (value, bound) => value >= bound,
  '<>': (value, bound) => value !== bound,
  '<': (value, bound) => value < bound,
  '>': (value, bound) => value > bound,
  '=': (value, bound) => value === bound,
};
// What languages put between thousands where the format spells it out: `# ##0` is an amount like `#,##0`.
const GROUPING = /^[ \u00a0\u202f'’.,]$/;
const THOUSANDS = 3;
// From here on not every digit of a number is known.
const MAX_SHOWN = 1e15;
// A number that differs from what is shown by more than its own inaccuracy loses digits when it is shown.
const INACCURACY = 1e-9;

// Programs keep no longer ones; and no number has more decimals than this.
const MAX_CODE = 255;
const MAX_DECIMALS = 100;

const isDigit = ({ kind }: FormatToken): boolean => kind === 'digit';

/** Whether every number is written with leading zeros, or with something between its digits that no amount has. */
function showsName(whole: readonly FormatToken[]): boolean {
  const places = whole.filter(isDigit);
  const firstZero = places.findIndex(({ text }) => text === '0');
  if (firstZero >= 0 && places.length - firstZero >= 2) return true;
  const inner = whole.slice(whole.findIndex(isDigit), whole.findLastIndex(isDigit) + 1);
  const separators = inner.filter((token) => !isDigit(token));
  if (separators.length === 0) return false;
  const groups = inner
    .map((token) => (isDigit(token) ? '#' : '|'))
    .join('')
    .split('|');
  const likeThousands =
    separators.every(({ text }) => GROUPING.test(text)) &&
    groups.slice(1).every((group) => group.length === THOUSANDS);
  return !likeThousands;
}

/** Puts digits into their places from the right; the first place takes all that are left. */
function fillWhole(tokens: readonly FormatToken[], digits: string): string {
  const first = tokens.findIndex(isDigit);
  const firstZero = tokens.findIndex(({ kind, text }) => kind === 'digit' && text === '0');
  let left = digits;
  let shown = '';
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (token.kind !== 'digit') {
      shown = token.text + shown;
      continue;
    }
    const empty = firstZero >= 0 && at >= firstZero ? '0' : token.text === '?' ? ' ' : '';
    shown = (at === first ? left || empty : left.slice(-1) || empty) + shown;
    left = left.slice(0, -1);
  }
  return shown;
}

/** Puts digits into the places behind the decimal point; places that need not be filled show no last zeros. */
function fillDecimals(tokens: readonly FormatToken[], digits: string): string {
  let place = digits.length;
  let shown = '';
  let needed = false;
  for (const token of tokens.toReversed()) {
    if (token.kind !== 'digit') {
      shown = token.text + shown;
      continue;
    }
    const digit = digits[--place] ?? '0';
    needed ||= token.text === '0' || digit !== '0';
    shown = (needed ? digit : '') + shown;
  }
  return shown;
}

function shower(tokens: readonly FormatToken[]): Section['show'] {
  const shown = tokens.filter(({ kind }) => kind !== 'bracket');
  const signs = shown.filter(({ kind }) => kind === 'sign');
  if (signs.length > 1 || signs.some(({ text }) => text !== '.') || unitOf(tokens) !== null) return null;
  const point = shown.findIndex(({ kind }) => kind === 'sign');
  const whole = point < 0 ? shown : shown.slice(0, point);
  const decimals = point < 0 ? [] : shown.slice(point + 1);
  if (!whole.some(isDigit) || !showsName(whole)) return null;
  const places = decimals.filter(isDigit).length;
  if (places > MAX_DECIMALS) return null;
  return (size) => {
    if (!(size < MAX_SHOWN)) return null;
    const rounded = size.toFixed(places);
    if (Math.abs(Number(rounded) - size) > INACCURACY * Math.max(1, size)) return null;
    const [digits = '', fraction = ''] = rounded.split('.');
    const behind = point < 0 ? '' : `.${fillDecimals(decimals, fraction)}`;
    return `${fillWhole(whole, digits === '0' ? '' : digits)}${behind}`.trim();
  };
}

function sectionOf(tokens: readonly FormatToken[]): Section {
  const condition = tokens
    .map(({ kind, text }) => (kind === 'bracket' ? CONDITION.exec(text) : null))
    .find((match) => match !== null);
  const compare = COMPARE[condition?.[1] ?? ''];
  const bound = Number(condition?.[2]);
  return {
    matches: compare === undefined ? null : (value) => compare(value, bound),
    show: shower(tokens),
  };
}

/** The section that shows a number, and whether a minus is written before what it shows. */
function choose(sections: readonly Section[], value: number): [Section | undefined, minus: boolean] {
  if (sections.some(({ matches }) => matches !== null)) {
    return [sections.find(({ matches }) => matches === null || matches(value)), value < 0];
  }
  const [positive, negative, zero] = sections;
  if (value < 0) return [negative ?? positive, negative === undefined];
  return [value === 0 && zero !== undefined ? zero : positive, false];
}

/**
 * How a format shows numbers that are names rather than amounts: postcodes `00000`, numbers of persons
 * `000-00-0000`, telephone numbers `(000) 000-0000`. Null for a format that shows amounts only.
 */
export function digitMask(code: string): DigitMask | null {
  if (code.length > MAX_CODE) return null;
  const sections = formatSections(code)
    .filter((tokens) => !tokens.some(({ kind, text }) => kind === 'sign' && text === '@'))
    .map(sectionOf);
  if (sections.every(({ show }) => show === null)) return null;
  return (value) => {
    const [section, minus] = choose(sections, value);
    const text = section?.show?.(Math.abs(value)) ?? '';
    return text === '' ? null : `${minus ? '-' : ''}${text}`;
  };
}
