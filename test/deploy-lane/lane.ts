import { Cdk } from './cdk.ts';
import { runAsLambda } from './chapters/as-lambda.ts';
import { deployDefaults } from './chapters/defaults.ts';
import { destroyAll } from './chapters/destruction.ts';
import type { Lane } from './chapters/lane.ts';
import { standSideBySide } from './chapters/side-by-side.ts';
import { update } from './chapters/updates.ts';
import { compareInterpreters } from './chapters/workflows.ts';
import { Checks } from './checks.ts';
import { openAccount } from './emulated-account.ts';

/** Deploys the platform to an account of its own, uses it, updates it, destroys it. Answers how much failed. */
export async function deployAndUse(): Promise<number> {
  const checks = new Checks();
  const account = await openAccount();
  try {
    const lane = { account, checks, cdk: new Cdk(account) };
    await checks.attempt('the lane comes to its end', () => deployInChapters(lane));
  } finally {
    const folder = await account.stop(checks.failed === 0 ? 'removed' : 'kept');
    if (checks.failed > 0) process.stdout.write(`${checks.failed} failed; whole logs are in ${folder}\n`);
  }
  return checks.failed;
}

async function deployInChapters(lane: Lane): Promise<void> {
  lane.checks.say(lane.account.said);
  const first = await deployDefaults(lane);
  if (first === undefined) return;
  await standSideBySide(lane, first);
  const last = await update(lane, first);
  await runAsLambda(lane, last.assembly);
  await destroyAll(lane, last);
  await compareInterpreters(lane);
}
