import type { OperationEntry, Paged } from './shapes.ts';

type Page = Record<string, unknown>;

/**
 * A page, and the items of the list from that page on: `next` gets the page that a name was given for. An
 * iteration asks for a page when the one before is read to its end, and for none that was asked for already.
 */
export function paged(
  { items, next: path, by }: NonNullable<OperationEntry['pages']>,
  first: Promise<unknown>,
  next: (parameters: Record<string, unknown>) => Promise<unknown>,
): Paged<unknown, unknown> {
  async function* everyItem(): AsyncGenerator<unknown> {
    for (let page = (await first) as Page; ; ) {
      yield* (page[items] ?? []) as unknown[];
      const name = path.split('.').reduce<unknown>((at, member) => (at as Page)[member], page);
      if (typeof name !== 'string' || name === '') return;
      page = (await next({ [by]: name })) as Page;
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: everyItem });
}
