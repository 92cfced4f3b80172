/** A success body that brings headers of its own. */
export class Replied {
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(body: unknown, headers: Record<string, string>) {
    this.body = body;
    this.headers = headers;
  }
}

/** What a create answers with; a repetition under the same Idempotency-Key says that it is one. */
export const replied = (body: unknown, replayed: boolean): Replied =>
  new Replied(body, replayed ? { 'idempotency-replayed': 'true' } : {});
