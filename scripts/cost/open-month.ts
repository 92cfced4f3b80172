import { v7 as uuid } from 'uuid';
import { sweep } from '../../lambdas/steps/sweep.ts';
import { LIST_PRICES, type Unit, type Usage } from '../../lib/apis/cost/prices.ts';
import { aliveLease } from '../../lib/runs/leases.ts';
import type { OpenRun } from '../../lib/runs/run.ts';
import { MACHINES, type MeteredStage } from './stage.ts';

const MONTH_MS = 30 * 86_400_000;
/** So many are looked at in the sweep that is metered, so that what the sweep takes by itself does not count. */
const RUNS = 200;

/** A process run that began so many milliseconds ago, is still at work, and is due. */
function anOpenRun(now: Date, age: number): OpenRun {
  const startedAt = new Date(now.getTime() - age).toISOString();
  return {
    ...{ id: uuid({ msecs: now.getTime() - age }), kind: 'process', workspaceId: uuid(), parentId: 'p' },
    ...{ input: { stateMachineArn: MACHINES.process }, createdAt: startedAt, startedAt },
    ...{ status: 'running', version: 2, attempt: 1, delivery: 0, claimId: uuid() },
    leaseUntil: new Date(now.getTime() - 1000).toISOString(),
  };
}

/** How often a process run is looked at that goes on for a month. */
export function looksOfAMonth(): number {
  const start = new Date('2026-01-01T00:00:00.000Z');
  const run = anOpenRun(start, 0);
  let looks = 0;
  let at = start.getTime() + 120_000; // its first lease
  for (; at < start.getTime() + MONTH_MS; looks += 1)
    at = Date.parse(aliveLease(run, new Date(at)).leaseUntil);
  return looks;
}

/** What it costs, in US dollars, to look after a process run that goes on for a month; and what one look uses. */
export async function openMonth(stage: MeteredStage): Promise<{ dollars: number; look: Usage }> {
  const { platform, meter } = stage.function('Sweep');
  const sweeper = sweep(() => platform);
  const usageOf = async (runs: number): Promise<Usage> => {
    await stage.time.run(async () => {
      for (let no = 0; no < runs; no += 1)
        await platform.runs.insert(anOpenRun(stage.time.now(), MONTH_MS / 2));
    });
    stage.reset();
    await stage.time.run(() => stage.invoke('Sweep', 'caretaker', () => sweeper()));
    return { ...meter.usage };
  };
  await usageOf(0); // the first of all writes down what it finds
  const [none, many] = [await usageOf(0), await usageOf(RUNS)];
  const units = Object.keys(many) as Unit[];
  const look = Object.fromEntries(
    units.map((unit) => [unit, ((many[unit] ?? 0) - (none[unit] ?? 0)) / RUNS]),
  );
  const dollars = units.reduce((sum, unit) => sum + (look[unit] ?? 0) * LIST_PRICES[unit], 0);
  return { dollars: dollars * looksOfAMonth(), look };
}
