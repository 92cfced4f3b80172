import { sweep } from '../../lambdas/steps/sweep.ts';
import { LIST_PRICES, type Unit, type Usage } from '../../lib/apis/cost/prices.ts';
import type { MeteredStage } from './stage.ts';

/** Something that a stage is billed for although nobody uses it, in US dollars a month. */
export interface Standing {
  what: string;
  quantity: number;
  unitPrice: number;
  dollars: number;
  /** Whether every account has so much of it free of charge, for good. */
  isFreeAtFirst: boolean;
}

const HOURS = 30 * 24;
const MINUTES = HOURS * 60;

/**
 * What the monitoring stack has; `test/stacks/idle-cost.test.ts` counts it in the templates. An alarm is charged
 * by the metrics that it looks at.
 */
export const MONITORING = { alarmMetrics: 10, dashboards: 1 } as const;
/** CloudWatch charges nothing for as many of an account. */
const FREE: Record<keyof typeof MONITORING, number> = { alarmMetrics: 10, dashboards: 3 };

/** List prices of us-east-1 in November 2026, as https://aws.amazon.com/cloudwatch/pricing/ has them. */
const ALARM_METRIC_MONTH = 0.1;
const DASHBOARD_MONTH = 3;
const LOG_GB = 0.5;

/** Lines of the sweeper and of Lambda around it, for one sweep, in bytes: taken to be so many. */
const SWEEP_LOG_BYTES = 1000;

/**
 * What a stage costs that holds nothing and is asked nothing. API Gateway, Step Functions, S3, queues and topics
 * charge by use; EventBridge charges nothing for a schedule; a table and a bucket of a few kilobytes come to
 * nothing that could be written down.
 */
export async function idleMonth(stage: MeteredStage): Promise<Standing[]> {
  const usage = await sweepsOfAMonth(stage);
  const logGb = (MINUTES * SWEEP_LOG_BYTES) / 1e9;
  return [
    ...(Object.entries(usage) as [Unit, number][]).map(([unit, quantity]) =>
      standing(`the sweeper's ${unit.replaceAll('_', ' ')}`, quantity, LIST_PRICES[unit]),
    ),
    standing("GB of the sweeper's log", logGb, LOG_GB),
    standing('metrics of alarms', MONITORING.alarmMetrics, ALARM_METRIC_MONTH, FREE.alarmMetrics),
    standing('dashboards', MONITORING.dashboards, DASHBOARD_MONTH, FREE.dashboards),
  ];
}

const standing = (what: string, quantity: number, unitPrice: number, free = 0): Standing => ({
  ...{ what, quantity, unitPrice, dollars: quantity * unitPrice },
  isFreeAtFirst: quantity <= free,
});

/** A sweep every minute; one of each hour looks at the account as well. */
async function sweepsOfAMonth(stage: MeteredStage): Promise<Usage> {
  const sweeper = sweep(() => stage.function('Sweep').platform);
  const useAfter = async (milliseconds: number): Promise<Usage> => {
    stage.reset();
    await stage.time.run(async () => {
      await stage.time.sleep(milliseconds);
      await stage.invoke('Sweep', 'caretaker', () => sweeper());
    });
    return { ...stage.function('Sweep').meter.usage };
  };
  await useAfter(0); // the first of all writes down what it finds
  const [hourly, usual] = [await useAfter(3_600_000), await useAfter(60_000)];
  return Object.fromEntries(
    (Object.keys(hourly) as Unit[]).map((unit) => {
      const each = usual[unit] ?? 0;
      return [unit, each * MINUTES + ((hourly[unit] ?? 0) - each) * HOURS];
    }),
  );
}

export const sumOf = (items: readonly Standing[]): number =>
  items.reduce((sum, { dollars }) => sum + dollars, 0);
