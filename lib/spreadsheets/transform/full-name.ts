import { type PlainValue, textOf } from '../cells.ts';
import { isFirmName, isPersonName } from './person-name.ts';

/** `people` turns names round and keeps every part of them; `ade` drops middle names, as ADE does. */
export type NameRules = 'people' | 'ade';

// What stands behind a comma and is no first name.
const SUFFIX = /^(?:jr|sr|ii|iii|iv|esq|md|dds|phd|mba|cpa|rn)\.?$/i;

const cleaned = (text: string): string => text.trim().replace(/\s+/g, ' ');

/**
 * A person's name as first and last name: `Last, First` is turned round, middle names are dropped, and a
 * name with only one half stays as it is, cleaned, and so does a firm's. Null if nothing is left.
 */
function asAde(raw: string): string | null {
  const name = cleaned(raw);
  if (name === '') return null;
  if (isFirmName(name)) return name;
  if (name.includes(',')) {
    const [last = '', first = ''] = name.split(',').map((part) => part.trim());
    return first !== '' && last !== '' ? `${first} ${last}` : name;
  }
  const words = name.split(' ');
  return words.length < 2 ? name : `${words[0]} ${words.at(-1)}`;
}

/** `Last, First Middle` as `First Middle Last`, cleaned of needless spaces; other texts stay as they are. */
function ofPeople(raw: string): string | null {
  const name = cleaned(raw);
  if (name === '') return null;
  if (!isPersonName(name)) return raw;
  const [last = '', first = '', ...more] = name.split(',').map((part) => part.trim());
  if (last === '' || first === '' || more.length > 0 || SUFFIX.test(first)) return name;
  return `${first} ${last}`;
}

/** A value as a person's full name. Null if it is blank. */
export function fullName(value: Exclude<PlainValue, null>, rules: NameRules): PlainValue {
  if (rules === 'ade') return asAde(textOf(value));
  return typeof value === 'string' ? ofPeople(value) : value;
}
