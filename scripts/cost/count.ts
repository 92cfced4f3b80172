import type { Unit, Usage } from '../../lib/apis/cost/prices.ts';
import { atListPrices, type Receipt, receiptOf } from '../../lib/apis/cost/receipt.ts';
import type { Run } from '../../lib/runs/run.ts';
import type { Journey } from './journeys.ts';
import { Meter } from './meter.ts';
import type { MeteredStage } from './stage.ts';
import type { Tenant } from './tenant.ts';

/** What one journey took. */
export interface Counted {
  /** By function. */
  meters: Map<string, Meter>;
  /** Of all of them. */
  calls: number;
  usage: Usage;
  /** At list prices, of one journey. */
  receipt: Receipt;
  run: Run;
}

/** Goes through a journey twice, as its first run and as one of many: the second one is counted. */
export async function countJourney(
  stage: MeteredStage,
  tenant: Tenant,
  { prepare }: Journey,
): Promise<Counted> {
  const { platform } = stage.function('set up');
  const first = await prepare(platform, tenant);
  await stage.time.run(() => first(stage, tenant));
  const walk = await prepare(platform, tenant);
  stage.reset();
  const ref = await stage.time.run(() => walk(stage, tenant));
  const meters = stage.metered();
  const run = await platform.runs.get(ref);
  if (run === undefined) throw new Error(`Run ${ref.runId} is not there`);
  const usage = usageOf(meters.values());
  return {
    ...{ meters, run, usage },
    calls: [...meters.values()].reduce((sum, { calls }) => sum + calls, 0),
    receipt: receiptOf(atListPrices(usage), { complete: true }),
  };
}

/** What several functions used together. */
export function usageOf(meters: Iterable<Meter>): Usage {
  const sum = new Meter();
  for (const { usage } of meters) {
    for (const [unit, quantity] of Object.entries(usage)) sum.add(unit as Unit, quantity);
  }
  return sum.usage;
}
