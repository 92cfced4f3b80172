import { type Counted, countJourney } from './cost/count.ts';
import { idleMonth, type Standing, sumOf } from './cost/idle-month.ts';
import { JOURNEYS, type Journey } from './cost/journeys.ts';
import { MeteredStage } from './cost/stage.ts';
import { createTenant } from './cost/tenant.ts';

/**
 * What one journey through each API takes of AWS, and what it costs at list prices: `npm run bench:cost`. The
 * handlers and AWS adapters are the real ones; DynamoDB is embedded, S3 and Step Functions answer in memory and
 * keep count, and the clock jumps from one timer to the next. Functions are warm and have seen the key before.
 */
const IDLE_TARGET = 1;
const PER = 1000;

function row({ name, target }: Journey, { calls, usage, receipt }: Counted): string {
  const writes = usage.dynamodb_write_units ?? 0;
  const dollars = receipt.total * PER;
  const cells = [
    name,
    against(calls, target.calls),
    against(writes, target.writeUnits),
    String(usage.dynamodb_read_units ?? 0),
    `${usage.s3_puts ?? 0} + ${usage.s3_gets ?? 0}`,
    String(usage.step_functions_transitions ?? 0),
    String(usage.lambda_requests ?? 0),
    (usage.lambda_gb_seconds ?? 0).toFixed(2),
    against(dollars, target.dollars, (value) => `$${value.toFixed(3)}`),
  ];
  return `| ${cells.join(' | ')} |`;
}

const against = (value: number, target: number, show: (value: number) => string = String): string =>
  `${show(value)} ${value <= target ? '≤' : '**>**'} ${show(target)}`;

function byFunction({ name }: Journey, { meters }: Counted): string[] {
  const lines = [...meters].map(([functionName, { calls, commands, usage }]) => {
    const sent = Object.entries(commands).map(([command, count]) => `${count} ${command}`);
    const writes = usage.dynamodb_write_units ?? 0;
    return `  ${functionName.padEnd(18)} ${String(calls).padStart(3)} calls, ${writes} write units: ${sent.join(', ')}`;
  });
  return [name, ...lines];
}

function monthly({ what, quantity, unitPrice, dollars, isFreeAtFirst }: Standing): string {
  const note = isFreeAtFirst ? ' (an account has so many free)' : '';
  return `| ${what}${note} | ${Number(quantity.toFixed(3)).toLocaleString('en-US')} | $${unitPrice} | $${dollars.toFixed(4)} |`;
}

// The SDK announces the end of its support for Node 20 at every client; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const stage = await MeteredStage.open();
try {
  const tenant = await createTenant(stage.function('set up').platform);
  const counted: [Journey, Counted][] = [];
  for (const journey of Object.values(JOURNEYS)) {
    counted.push([journey, await countJourney(stage, tenant, journey)]);
  }
  const idle = await idleMonth(stage);
  const unlessFree = idle.filter(({ isFreeAtFirst }) => !isFreeAtFirst);
  const lines = [
    '| journey | AWS calls | write units | read units | S3 puts + gets | transitions | Lambda requests | GB-s | per 1,000 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...counted.map(([journey, taken]) => row(journey, taken)),
    '',
    ...counted.flatMap(([journey, taken]) => byFunction(journey, taken)),
    '',
    '| an idle month | quantity | each | dollars |',
    '| --- | --- | --- | --- |',
    ...idle.map(monthly),
    `Together ${against(sumOf(idle), IDLE_TARGET, (value) => `$${value.toFixed(2)}`)}; without what an account has free, $${sumOf(unlessFree).toFixed(2)}.`,
  ];
  console.log(lines.join('\n'));
} finally {
  await stage.close();
}
