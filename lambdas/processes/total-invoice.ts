import { taskPlatform } from '../../lib/adapters/aws/platform.ts';
import type { Platform } from '../../lib/apis/platform.ts';
import { type InvoiceTotals, totalInvoice } from '../../lib/apis/process-runs/examples/invoice-totals.ts';

/** The "Total invoice" state of `invoice-totals`. */
export const task =
  (platform: () => Pick<Platform, 'files'>) =>
  (payload: unknown): Promise<InvoiceTotals> =>
    totalInvoice(platform().files, payload);

export const handler = task(taskPlatform);
