import type { Field, Transform } from '../configuration.ts';
import { TYPE_NAMES } from './reading/typed-reader.ts';

/** What a step reads a value as, in words; undefined for a step that takes any value. */
export function wantedBy({ date, number, lookup, phone, email, country }: Transform): string | undefined {
  if (date !== undefined) return TYPE_NAMES.date;
  if (number !== undefined) return TYPE_NAMES.number;
  if (lookup !== undefined) return `a value of the list "${lookup.list}"`;
  if (phone !== undefined) return 'a telephone number';
  if (email !== undefined) return 'an e-mail address';
  return country === undefined ? undefined : 'a country';
}

/** What a field's values are read as, in words: what its type says, or else the last step that reads. */
export function wantedOf({ dtype, transforms }: Field): string {
  if (dtype !== 'string') return TYPE_NAMES[dtype];
  return transforms.map(wantedBy).findLast((wanted) => wanted !== undefined) ?? TYPE_NAMES.number;
}
