import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentRunReceipt } from '../../../lib/apis/agent-run/run-cost.ts';
import type { Receipt } from '../../../lib/apis/cost/receipt.ts';
import { documentRunReceipt } from '../../../lib/apis/workspace-runs/run-cost.ts';
import { type Counted, countJourney, usageOf } from '../../../scripts/cost/count.ts';
import { idleMonth, sumOf } from '../../../scripts/cost/idle-month.ts';
import { JOURNEYS } from '../../../scripts/cost/journeys.ts';
import { MeteredStage } from '../../../scripts/cost/stage.ts';
import { createTenant, type Tenant } from '../../../scripts/cost/tenant.ts';

type Name = keyof typeof JOURNEYS;

/**
 * The most that a journey may take: its target, or what it took when it was first counted where that is more.
 * Whoever makes one cheaper lowers its figure; nobody makes one dearer without saying so here.
 */
const MOST: Record<Name, { calls: number; writeUnits: number; dollars: number }> = {
  // One write unit more than at first: the run's report says how its file was read and what stands beside the values.
  // Two reads more: of what the configuration has learned, and of what was said of the document's columns.
  document: { calls: 40, writeUnits: 16, dollars: 0.15 },
  process: { calls: 14, writeUnits: 8, dollars: 0.1 },
  thread: { calls: 20, writeUnits: 8, dollars: 0.12 },
  agent: { calls: 8, writeUnits: 6, dollars: 0.05 },
};
const NAMES = Object.keys(MOST) as Name[];

let stage: MeteredStage;
let tenant: Tenant;
const counted = new Map<Name, Counted>();
beforeAll(async () => {
  stage = await MeteredStage.open();
  tenant = await createTenant(stage.function('set up').platform);
  for (const name of NAMES) counted.set(name, await countJourney(stage, tenant, JOURNEYS[name]));
});
afterAll(() => stage.close());

function journey(name: Name): Counted {
  const found = counted.get(name);
  if (found === undefined) throw new Error(`${name} was not counted`);
  return found;
}

describe('a journey through each API, from AWS command to AWS command', () => {
  it.each(NAMES)('%s: takes no more calls, write units and dollars than it may', (name) => {
    const { calls, usage, receipt } = journey(name);

    const most = MOST[name];
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(most.calls);
    expect(usage.dynamodb_write_units).toBeGreaterThan(0);
    expect(usage.dynamodb_write_units).toBeLessThanOrEqual(most.writeUnits);
    expect(receipt.total * 1000).toBeGreaterThan(0);
    expect(receipt.total * 1000).toBeLessThanOrEqual(most.dollars);
  });

  it('takes the same every time', async () => {
    const again = await countJourney(stage, tenant, JOURNEYS.document);

    const { meters, usage } = journey('document');
    const commandsOf = (metered: Counted['meters']) =>
      Object.fromEntries([...metered].map(([name, { commands }]) => [name, commands]));
    expect(commandsOf(again.meters)).toEqual(commandsOf(meters));
    expect(again.usage).toEqual(usage);
  });

  it('waits for seconds that nobody waited for', () => {
    const { run } = journey('agent');

    expect(run).toMatchObject({ status: 'succeeded' });
    expect(agentRunReceipt(run).items).toContainEqual(
      expect.objectContaining({ unit: 'lambda_gb_seconds', quantity: 2.5 }),
    );
  });
});

/** What was used by those who made, worked on and settled the run, beside what its receipt says of it. */
function compared(name: Name, receipt: Receipt) {
  const { meters } = journey(name);
  const usage = usageOf(JOURNEYS[name].functions.flatMap((functionName) => meters.get(functionName) ?? []));
  const said = new Map(receipt.items.map(({ unit, quantity }) => [unit as string, quantity]));
  return Object.fromEntries(
    Object.entries(usage)
      // Functions are taken to work a little beside what they wait for; receipts know nothing of that.
      .filter(([unit]) => unit !== 'lambda_gb_seconds')
      .map(([unit, metered]) => [unit, { metered, said: said.get(unit) }]),
  );
}

describe('a receipt beside the meter', () => {
  it('of a document run: differs by the one chunk of its log that is more than 2 KB', () => {
    const receipt = documentRunReceipt(journey('document').run);

    expect(receipt.complete).toBe(true);
    expect(compared('document', receipt)).toEqual({
      api_requests: { metered: 1, said: 1 },
      lambda_requests: { metered: 3, said: 3 },
      step_functions_transitions: { metered: 2, said: 2 },
      dynamodb_write_units: { metered: 14, said: 12 },
      dynamodb_read_units: { metered: 12, said: 12 },
      s3_puts: { metered: 3, said: 3 },
      s3_gets: { metered: 1, said: 1 },
    });
  });

  it('of an agent run: the same', () => {
    const receipt = agentRunReceipt(journey('agent').run);

    expect(compared('agent', receipt)).toEqual({
      api_requests: { metered: 1, said: 1 },
      lambda_requests: { metered: 1, said: 1 },
      dynamodb_write_units: { metered: 6, said: 6 },
      dynamodb_read_units: { metered: 5, said: 5 },
    });
  });
});

describe('an idle month', () => {
  it('costs less than a dollar beside what CloudWatch gives to every account', async () => {
    const items = await idleMonth(stage);

    const charged = items.filter(({ isFreeAtFirst }) => !isFreeAtFirst);
    expect(charged.map(({ what }) => what)).toEqual([
      "the sweeper's dynamodb read units",
      "the sweeper's lambda requests",
      "the sweeper's lambda gb seconds",
      "GB of the sweeper's log",
    ]);
    expect(sumOf(charged)).toBeGreaterThan(0);
    expect(sumOf(charged)).toBeLessThan(0.1);
    expect(sumOf(items) - sumOf(charged)).toBeCloseTo(4, 9);
  });
});
