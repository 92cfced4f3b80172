import { taskPlatform } from '../../lib/adapters/aws/platform.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { loadOrder, type Order } from '../../lib/apis/process-runs/examples/order-review.ts';

/** The "Load order" state of `order-review`. */
export const task =
  (platform: () => Pick<Platform, 'files'>) =>
  (payload: unknown): Promise<Order> =>
    loadOrder(platform().files, payload);

export const handler = task(taskPlatform);
