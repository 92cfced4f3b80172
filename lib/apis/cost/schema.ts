import * as z from 'zod';
import { PRICED_UNITS } from './receipt.ts';

/** A receipt as APIs answer it; each names the members of an item in its own way. */
export const receiptSchema = <Item extends z.ZodRawShape>(item: Item, incomplete: string) =>
  z.object({
    currency: z.literal('USD'),
    total: z.number().describe('The sum of the amounts'),
    items: z.array(
      z.object({ unit: z.enum(PRICED_UNITS), quantity: z.number(), ...item, amount: z.number() }),
    ),
    complete: z.boolean().describe(`False when the record does not tell everything, such as ${incomplete}`),
  });
