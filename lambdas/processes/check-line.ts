import { type CheckedLine, checkLine } from '../../lib/apis/process-runs/examples/order-review.ts';

/** The "Check line" state of `order-review`. It needs nothing of a platform. */
export const task =
  () =>
  async (payload: unknown): Promise<CheckedLine> =>
    checkLine(payload);

export const handler = task();
