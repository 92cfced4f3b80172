import type { Field } from '../configuration.ts';
import type { ColumnFacts } from './column-facts.ts';
import { hintsOf } from './hints.ts';

export type ColumnKind = 'id' | 'code' | 'email' | 'phone' | 'iban' | 'postcode' | 'currency' | 'percent';

/** What a column is taken for, and why. */
export interface ColumnProposal {
  readonly type: Field['dtype'];
  readonly kind: ColumnKind | null;
  readonly reasons: readonly string[];
  /** As a definition has them. */
  readonly transforms: (string | Readonly<Record<string, unknown>>)[];
  readonly validators: Readonly<Record<string, unknown>>[];
}

/** A few values that are none of their column's do not make it another column. */
const MOST = 0.9;
/** Fewer values prove no rule. */
const ENOUGH = 5;
/** A list of choices has each of them again and again. */
const ENOUGH_FOR_CHOICES = 20;
const MAX_CHOICES = 12;
const USES_OF_CHOICE = 4;
/** Longer texts, in characters, are nobody's choice. */
const MAX_CHOICE = 100;
/** Codes of letters of one case and figures, runs of figures being one: `A-9`, `a9`. */
const CODE = /^(?:(?=.*A)[A9\-/._ ]+|[a9]+)$/;

interface Taken {
  readonly type: Field['dtype'];
  readonly kind: ColumnKind | null;
  readonly why: string;
}

function shapeShare({ shapes, seen }: ColumnFacts): { shape: string; share: number } {
  const [shape = '', count = 0] = [...(shapes ?? [])].sort(([, a], [, b]) => b - a)[0] ?? [];
  return { shape, share: seen === 0 ? 0 : count / seen };
}

/** Shapes that may have numbers of several lengths: `A-9` and `A-99` are one. */
function looseShare({ shapes, seen }: ColumnFacts): { shape: string; share: number } {
  const loose = new Map<string, number>();
  for (const [shape, count] of shapes ?? []) {
    const key = shape.replace(/9+/g, '9');
    loose.set(key, (loose.get(key) ?? 0) + count);
  }
  const [shape = '', count = 0] = [...loose].sort(([, a], [, b]) => b - a)[0] ?? [];
  return { shape, share: seen === 0 ? 0 : count / seen };
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

function taken(facts: ColumnFacts, header: string, units: ReadonlySet<string>): Taken {
  const { seen } = facts;
  if (seen === 0) return { type: 'string', kind: null, why: 'no row has a value' };
  const share = (count: number): number => count / seen;
  const hints = hintsOf(header);
  const of = (count: number, what: string): string => `${percent(share(count))} of the values are ${what}`;

  if (share(facts.emails) >= MOST)
    return { type: 'string', kind: 'email', why: of(facts.emails, 'mail addresses') };
  if (share(facts.ibans) >= MOST)
    return { type: 'string', kind: 'iban', why: of(facts.ibans, 'IBANs with a right checksum') };
  if (/iban/i.test(header) && share(facts.ibanForms) >= MOST)
    return { type: 'string', kind: 'iban', why: of(facts.ibanForms, 'written as IBANs are') };
  const isDates = share(facts.dates) >= MOST;
  if (
    !isDates &&
    share(facts.phones) >= MOST &&
    (hints.has('phone') || (share(facts.clearPhones) >= MOST && share(facts.numbers) < MOST))
  )
    return { type: 'string', kind: 'phone', why: of(facts.phones, 'telephone numbers') };
  if (hints.has('postcode') && looksLikePostcodes(facts))
    return { type: 'string', kind: 'postcode', why: 'the header says postcode, and the values look like it' };
  if (isDates) {
    const type = facts.clocks > 0 ? 'datetime' : 'date';
    return { type, kind: null, why: of(facts.dates, type === 'date' ? 'dates' : 'dates with a clock') };
  }
  if (hints.has('date') && !hints.has('id') && share(facts.serials) >= MOST)
    return { type: 'date', kind: null, why: 'the header says date, and the values are numbers of days' };
  if (facts.isYesNo && share(facts.booleans) >= MOST && (facts.choices?.size ?? 3) <= 4)
    return { type: 'boolean', kind: null, why: of(facts.booleans, 'yes or no') };
  if (facts.leadingZeros > 0 && share(facts.numbers) >= MOST)
    return {
      type: 'string',
      kind: hints.has('id') || facts.isUnique ? 'id' : 'code',
      why: `${facts.leadingZeros} values begin with a zero that a number would lose`,
    };
  if (share(facts.numbers) >= MOST) return numeric(facts, hints, units, of);
  return textual(facts, hints);
}

function looksLikePostcodes({ seen, shapes, emails, dates }: ColumnFacts): boolean {
  if (shapes === undefined || emails > 0 || dates * 2 > seen) return false;
  const fit = [...shapes].filter(([shape]) => /9/.test(shape) && /^[A9\s-]{3,10}$/.test(shape));
  return fit.reduce((sum, [, count]) => sum + count, 0) / seen >= MOST;
}

function numeric(
  facts: ColumnFacts,
  hints: ReturnType<typeof hintsOf>,
  units: ReadonlySet<string>,
  of: (count: number, what: string) => string,
): Taken {
  const { seen, integers, percents, currencies, numbers, figures = 0, isSequence } = facts;
  const decimal = facts.evidence.decimal();
  if (percents * 2 >= seen || units.has('percent') || (hints.has('percent') && !hints.has('money')))
    return { type: 'number', kind: 'percent', why: of(numbers, 'numbers, and percent') };
  const isMoney =
    currencies * 2 >= seen || [...units].some((unit) => unit !== 'percent' && unit !== 'elapsed');
  if (isMoney) return { type: 'number', kind: 'currency', why: of(numbers, 'amounts of money') };
  const isWhole = integers === numbers;
  if (isWhole && hints.has('id') && !hints.has('money') && !isSequence && (facts.isUnique || figures >= 5))
    return { type: 'string', kind: 'id', why: 'the header says that these figures are names' };
  if (hints.has('money'))
    return { type: 'number', kind: 'currency', why: of(numbers, 'numbers, and the header says money') };
  if (!isWhole) return { type: 'number', kind: null, why: of(numbers, 'numbers') };
  const kind = hints.has('id') && facts.isUnique && seen >= ENOUGH ? 'id' : null;
  const doubt = decimal.open > 0 ? `, if ${decimal.example} is more than a thousand` : '';
  return { type: 'integer', kind, why: `${of(integers, 'whole numbers')}${doubt}` };
}

function textual(facts: ColumnFacts, hints: ReturnType<typeof hintsOf>): Taken {
  const { shape, share } = looseShare(facts);
  const isCode = share >= MOST && shape.includes('9') && CODE.test(shape);
  if (facts.seen >= ENOUGH && isCode) {
    const kind = facts.isUnique || hints.has('id') ? 'id' : 'code';
    return {
      type: 'string',
      kind,
      why: `${percent(share)} of the values are written like ${example(facts)}`,
    };
  }
  return { type: 'string', kind: null, why: 'the values are texts' };
}

const example = ({ choices, shapes }: ColumnFacts): string =>
  [...(choices ?? new Map<string, number>()).keys()][0] ??
  [...(shapes ?? new Map<string, number>()).keys()][0] ??
  '';

/** A pattern for values that are all of one shape: `[A-Z]-\d{4}`. */
function patternOf(shape: string): string {
  return shape.replace(/A+|a+|9+|[^Aa9]+/g, (run) => {
    const times = run.length === 1 ? '' : `{${run.length}}`;
    if (run.startsWith('9')) return `\\d${times}`;
    if (run.startsWith('A')) return `[A-Z]${times}`;
    if (run.startsWith('a')) return `[a-z]${times}`;
    return run.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
}

/** What a column with this header is, and the rules that all its values keep. `units` are those of its formats. */
export function proposeColumn(
  facts: ColumnFacts,
  header: string,
  units: ReadonlySet<string>,
): ColumnProposal {
  const { type, kind, why } = taken(facts, header, units);
  const reasons = [why];
  const validators: ColumnProposal['validators'] = [];
  const transforms: ColumnProposal['transforms'] = type === 'string' ? ['trim'] : [];
  const hasEnough = facts.filled >= ENOUGH;
  if (hasEnough && facts.filled === facts.rows && facts.placeholders === 0) {
    validators.push({ required: true });
    reasons.push('every row has a value');
  }
  if (hasEnough && kind === 'id' && facts.isUnique) {
    validators.push({ unique: true });
    reasons.push('no value is there twice');
  }
  if (kind === 'email') {
    transforms.push({ case: 'lower' });
    validators.push({ pattern: '[^@\\s]+@[^@\\s]+\\.[^@\\s]+', message: '{value} is no mail address' });
  }
  if (kind === 'iban' && facts.ibans === facts.seen) validators.push({ checksum: 'iban' });
  const { shape, share } = shapeShare(facts);
  // One alphabet: of others nobody knows what comes next.
  if (
    hasEnough &&
    (kind === 'id' || kind === 'code') &&
    share === 1 &&
    /^[\x20-\x7e]*$/.test(shape) &&
    type === 'string'
  ) {
    const pattern = patternOf(shape);
    validators.push({ pattern });
    reasons.push(`all are written alike: ${pattern}`);
  }
  if (type === 'date' || type === 'datetime') {
    const { reading, open } = facts.evidence.order();
    if (open > 0) reasons.push(`whether day or month stands first is open in ${open} of them`);
    else if (facts.nativeDates === 0 && facts.dates > 0)
      reasons.push(reading === 'dmy' ? 'the day stands before the month' : 'the month stands first');
  }
  const choices = choicesOf(facts, type, kind);
  if (choices !== undefined) {
    validators.push({ oneOf: choices });
    reasons.push(`only ${choices.length} different values`);
  }
  return { type, kind, reasons, transforms, validators };
}

/** The few values that a column of texts has, each of them often. */
function choicesOf(
  { choices, filled }: ColumnFacts,
  type: Field['dtype'],
  kind: ColumnKind | null,
): string[] | undefined {
  if (choices === undefined || type !== 'string' || kind !== null) return undefined;
  const isList =
    filled >= ENOUGH_FOR_CHOICES &&
    choices.size >= 2 &&
    choices.size <= MAX_CHOICES &&
    [...choices].every(([text, count]) => count >= USES_OF_CHOICE && text.length <= MAX_CHOICE);
  return isList ? [...choices.keys()] : undefined;
}
