/** How an operation is called, as the platform defines it. `types.ts` holds one for each. */
export interface OperationEntry {
  /** The API that it belongs to. */
  api: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{names}` in braces. */
  path: string;
  /** The names in the path that a method takes as arguments, in their order; its group knows the others. */
  named: readonly string[];
  /** What it takes besides, in the order of a method's arguments. */
  takes: readonly Part[];
  answers: 'json' | 'bytes' | 'nothing';
  /** Whether it honours `Idempotency-Key`. */
  keyed?: boolean;
  /** Whether it may be sent twice although it is a POST without a key. */
  repeatable?: boolean;
  /** How long it may take to answer, if that is more than the minute of all others. */
  timeoutMilliseconds?: number;
  /** Of a list: where a page has its items and the name of the next page, and the parameter that takes it. */
  pages?: { items: string; next: string; by: string };
}

export type Part = 'query' | 'body' | 'form';

/** What a request is made of, by the operation's own names. */
export type Input = Partial<Record<'path' | Part, object>>;

export interface RequestOptions {
  /** Ends the request at once, also while it waits to be tried again. */
  signal?: AbortSignal;
  /** Instead of a generated one; the same key with the same request makes no second run for a day. */
  idempotencyKey?: string;
  /** How often a failed try may be followed by another. */
  retries?: number;
  /** How long one try may hear nothing. */
  timeoutMilliseconds?: number;
  /** Such as `If-Match`. */
  headers?: Readonly<Record<string, string>>;
}

/** A page to be awaited, and with `for await` every item of the list from that page on. */
export type Paged<Page, Item> = Promise<Page> & AsyncIterable<Item>;

/** An answer of bytes. Nothing is sent before one of these is called; each call is a request of its own. */
export interface StreamedAnswer {
  /** The answer as soon as it begins, to be read as it comes. What cuts its body off is not retried. */
  response(): Promise<Response>;
  /** The whole of it; a cut in the middle is a reason to try again. */
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
}
