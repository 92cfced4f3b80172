import { LIST_PRICES, type Unit, type Usage } from './prices.ts';

/** What models charge for, per token. */
export const TOKEN_UNITS = ['model_input_tokens', 'model_output_tokens'] as const;
export const PRICED_UNITS = [...(Object.keys(LIST_PRICES) as Unit[]), ...TOKEN_UNITS] as const;
export type PricedUnit = (typeof PRICED_UNITS)[number];

/** So much of a unit, at its price in US dollars. */
export interface Quantity {
  unit: PricedUnit;
  quantity: number;
  unitPrice: number;
}

export interface Receipt {
  currency: 'USD';
  /** The sum of the amounts. */
  total: number;
  items: (Quantity & { amount: number })[];
  /** False when the record of the run does not tell everything: then this is an estimate, mostly too low. */
  complete: boolean;
}

/**
 * Amounts are whole trillionths of a dollar, so that they add up exactly; a price of one token is thousands of
 * them. Up to $9,000 a double holds every one.
 */
const PARTS = 1e12;
/** Quantities have six decimals: a millionth of a GB-second is a millisecond of a megabyte. */
const QUANTITY_PARTS = 1e6;

/** The receipt over quantities, each amount rounded to the trillionth of a dollar; what was not used is left out. */
export function receiptOf(quantities: readonly Quantity[], { complete }: { complete: boolean }): Receipt {
  let total = 0;
  const items = quantities.flatMap(({ unit, quantity: used, unitPrice }) => {
    const quantity = Math.round(used * QUANTITY_PARTS) / QUANTITY_PARTS;
    if (quantity === 0) return [];
    const priceParts = Math.round(unitPrice * PARTS);
    const parts = Math.round(quantity * priceParts);
    total += parts;
    return [{ unit, quantity, unitPrice: priceParts / PARTS, amount: parts / PARTS }];
  });
  return { currency: 'USD', total: total / PARTS, items, complete };
}

/** What AWS charges for a usage, in the order of the price list. */
export const atListPrices = (usage: Usage): Quantity[] =>
  (Object.keys(LIST_PRICES) as Unit[]).map((unit) => ({
    ...{ unit, unitPrice: LIST_PRICES[unit] },
    quantity: usage[unit] ?? 0,
  }));

/** Several receipts as one: quantities at the same price together, in the order in which they were met. */
export function sumOfReceipts(receipts: readonly Receipt[]): Receipt {
  const sums = new Map<string, Quantity>();
  for (const { unit, unitPrice, quantity } of receipts.flatMap(({ items }) => items)) {
    const name = `${unit} ${unitPrice}`;
    sums.set(name, { unit, unitPrice, quantity: quantity + (sums.get(name)?.quantity ?? 0) });
  }
  return receiptOf([...sums.values()], { complete: receipts.every(({ complete }) => complete) });
}
