import type { TaughtHeader } from './taught.ts';

/** What a header was said to be: a field with its score, or no field at all. */
export type LearnedHeader = { readonly field: string; readonly score: number } | { readonly field: null };

/** 1 − 1/(n+1): said once it is a half, and never quite 1. */
const scoreOf = (count: number): number => 1 - 1 / (count + 1);

/** What was said of headers, by their keys; fields that the configuration has no more are left out. */
export const learnedHeaders = (
  taught: readonly TaughtHeader[],
  fields: ReadonlySet<string>,
): ReadonlyMap<string, LearnedHeader> =>
  new Map(
    taught
      .filter(({ field }) => field === null || fields.has(field))
      .map(({ header, field, count }) => [
        header,
        field === null ? { field } : { field, score: scoreOf(count) },
      ]),
  );
