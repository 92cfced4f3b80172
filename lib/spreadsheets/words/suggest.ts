import type * as z from 'zod';
import { nearest } from './nearest.ts';

/** Names are compared in this many characters: longer ones are no slip of anything. */
const MAX_TYPED = 64;
/** What is shown of a name that nobody knows. */
const MAX_QUOTED = 100;
/** Nobody mends more at a time, and each takes a comparison with every name. */
const MAX_SUGGESTIONS = 100;
/** A name that begins another one, or goes on after it, was probably meant to be it. */
const MIN_BEGINNING = 4;

/** `header_token_sets` and `HeaderTokenSets` are slips for `headerTokenSets`. */
const comparable = (name: string): string => name.replace(/[_\-\s]/g, '').toLowerCase();

const isBeginning = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= MIN_BEGINNING && (a.startsWith(b) || b.startsWith(a));

/** The known name that is nearest to one that is not known, if one is near enough. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  if (typed.length > MAX_TYPED) return undefined;
  const wanted = comparable(typed);
  const names = new Map(known.map((name) => [comparable(name), name]));
  const found =
    nearest(wanted, [...names.keys()]) ?? [...names.keys()].find((name) => isBeginning(name, wanted));
  return found === undefined ? undefined : names.get(found);
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, MAX_QUOTED));

/** zod's object schemas, as far as the names of their members go. */
const membersOf = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null || !('shape' in schema)) return [];
  const { shape } = schema;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
};

/** The values that an issue says there are, be it among other things. */
const valuesOf = (issue: z.core.$ZodRawIssue | z.core.$ZodIssue): readonly unknown[] => {
  if (issue.code === 'invalid_value') return issue.values;
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(valuesOf) : [];
};

/**
 * What zod says of a member or a value that it does not know, with the nearest that it knows; of several members one
 * line each, in the order of the issue's keys. Nothing where zod's own words are to stand. Made for one definition.
 */
export function suggesting(): z.core.$ZodErrorMap {
  let left = MAX_SUGGESTIONS;
  const meant = (typed: string, known: readonly string[]): string => {
    const name = left-- > 0 ? nearestName(typed, known) : undefined;
    return name === undefined ? '' : `: did you mean ${JSON.stringify(name)}?`;
  };
  return (issue) => {
    if (issue.code === 'unrecognized_keys') {
      const members = membersOf(issue.inst);
      return issue.keys.map((key) => `There is no member ${quoted(key)}${meant(key, members)}`).join('\n');
    }
    const { input } = issue;
    if (issue.code === 'invalid_union' && typeof input === 'object' && input !== null) {
      // Where a name or an object may stand, somebody wrote an object: what is wrong in it is to be told.
      const all = issue.errors
        .flat()
        .filter(({ code, path }) => path.length > 0 || code === 'unrecognized_keys');
      // A member that is spelt wrong is missing too, which need not be told.
      const misspelt = all.filter(({ code }) => code === 'unrecognized_keys');
      const inside = misspelt.length > 0 ? misspelt : all;
      const said = inside.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
      return said.length === 0 ? undefined : said.join('; ').replaceAll('\n', '; ');
    }
    if (typeof input !== 'string') return undefined;
    const values = valuesOf(issue).filter((value) => typeof value === 'string');
    if (values.length < 2) return undefined;
    const options = values.map((value) => JSON.stringify(value)).join(', ');
    return `${quoted(input)} is none of ${options}${meant(input, values)}`;
  };
}
