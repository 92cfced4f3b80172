import { decideOrder } from '../../lib/apis/process-runs/examples/order-review.ts';

/** The "Decide" state of `order-review`. It needs nothing of a platform. */
export const task = () => async (payload: unknown) => decideOrder(payload);

export const handler = task();
