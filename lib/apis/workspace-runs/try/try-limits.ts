import { bytesOf } from '../../operation/answer-size.ts';

/** What parts of a trial may take of an answer, in bytes; its cells have most of the rest. */
export const MAX_MAPPING_BYTES = 500_000;
export const MAX_ISSUES_BYTES = 250_000;

/** The first of the items that take at most so many bytes of an answer. */
export function firstThatFit<Item>(items: readonly Item[], maxBytes: number): Item[] {
  let bytes = bytesOf([]);
  const end = items.findIndex((item) => {
    bytes += bytesOf(item) + 1;
    return bytes > maxBytes;
  });
  return items.slice(0, end < 0 ? items.length : end);
}
