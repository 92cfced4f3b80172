import { describe, expect, it } from 'vitest';
import { LIST_PRICES, type Unit } from '../../../lib/apis/cost/prices.ts';
import { atListPrices, receiptOf } from '../../../lib/apis/cost/receipt.ts';
import { transitionsOf } from '../../../lib/apis/cost/transitions.ts';

const whole = { complete: true };

describe('receiptOf', () => {
  it('says what each unit came to, in the order of the price list, and nothing of what was not used', () => {
    const receipt = receiptOf(
      atListPrices({ dynamodb_write_units: 9, lambda_gb_seconds: 1.7275390625, s3_puts: 0 }),
      whole,
    );

    expect(receipt).toEqual({
      currency: 'USD',
      total: 0.000028658969,
      items: [
        { unit: 'lambda_gb_seconds', quantity: 1.727539, unitPrice: 0.0000133334, amount: 0.000023033969 },
        { unit: 'dynamodb_write_units', quantity: 9, unitPrice: 6.25e-7, amount: 0.000005625 },
      ],
      complete: true,
    });
  });

  it('adds up exactly, however many items there are', () => {
    const tenth = { unit: 'api_requests', quantity: 1, unitPrice: 0.1 } as const;

    const { total } = receiptOf(
      Array.from({ length: 10 }, () => tenth),
      whole,
    );

    expect(total).toBe(1);
    expect(Array.from({ length: 10 }, () => 0.1).reduce((sum, one) => sum + one, 0)).not.toBe(1);
  });

  it.each(Object.entries(LIST_PRICES))('has no dust in the amount of three %s', (unit, unitPrice) => {
    const { items, total } = receiptOf([{ unit: unit as Unit, quantity: 3, unitPrice }], whole);

    expect(items.map(({ amount }) => amount)).toEqual([total]);
    // The shortest decimal that is this double has at most the twelve places that were meant.
    expect(total.toFixed(12)).toBe((Number(unitPrice.toFixed(12)) * 3).toFixed(12));
    expect(Number(total.toFixed(12))).toBe(total);
  });

  it('is empty, and free, when nothing was used', () => {
    expect(receiptOf([], { complete: false })).toEqual({
      ...{ currency: 'USD', total: 0, items: [], complete: false },
    });
  });
});

describe('transitionsOf', () => {
  it('counts the way into each state and out of the last one', () => {
    const States = { Load: { Next: 'Decide' }, Decide: { Next: 'Store' }, Store: { End: true } };

    expect(transitionsOf({ StartAt: 'Load', States })).toBe(4);
    expect(transitionsOf({ StartAt: 'Store', States })).toBe(2);
  });
});
