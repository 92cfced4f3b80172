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
