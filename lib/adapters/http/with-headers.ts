/** A success body that brings headers of its own. */
export class WithHeaders {
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(body: unknown, headers: Record<string, string>) {
    this.body = body;
    this.headers = headers;
  }
}

/** What a create answers with; a repetition under the same Idempotency-Key says that it is one. */
export const withReplay = (body: unknown, replayed: boolean): WithHeaders =>
  new WithHeaders(body, replayed ? { 'idempotency-replayed': 'true' } : {});

/**
 * A list that is a bare array, with the address of what follows it (RFC 8288) when `offset` is set: the same path,
 * asked the same but for that.
 */
export function withNext(
  body: unknown,
  path: string,
  query: Record<string, string | number | undefined> & { offset: number | undefined },
): WithHeaders {
  if (query.offset === undefined) return new WithHeaders(body, {});
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  return new WithHeaders(body, { link: `<${path}?${search}>; rel="next"` });
}
