import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looksOfAMonth, openMonth } from '../../../scripts/cost/open-month.ts';
import { MeteredStage } from '../../../scripts/cost/stage.ts';

let stage: MeteredStage;
beforeAll(async () => {
  stage = await MeteredStage.open();
});
afterAll(() => stage.close());

describe('a process run that goes on for a month', () => {
  it('is looked at about once an hour', () => {
    expect(looksOfAMonth()).toBeGreaterThan(700);
    expect(looksOfAMonth()).toBeLessThan(750);
  });

  it('costs a read and a write for each look, and ten thousand of them less than 25 dollars', async () => {
    const { dollars, look } = await openMonth(stage);

    expect(look.dynamodb_write_units).toBeLessThanOrEqual(4);
    expect(look.dynamodb_read_units).toBeLessThanOrEqual(1.1);
    expect(dollars * 10_000).toBeGreaterThan(1);
    expect(dollars * 10_000).toBeLessThan(25);
  });
});
