import type { Refusal } from '../../../apis/operation/refusal.ts';

/** A request that no function gets to answer. */
export class Unanswerable extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message ?? refusal.category);
    this.refusal = refusal;
  }
}
