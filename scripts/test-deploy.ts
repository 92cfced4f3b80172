import { parseArgs } from 'node:util';
import { installEmulator } from '../test/deploy-lane/emulated-account.ts';
import { deployAndUse } from '../test/deploy-lane/lane.ts';
import { findMutants } from '../test/deploy-lane/mutation-lane.ts';

/**
 * The fifth lane of tests: the platform is deployed by the real CDK to an emulated account, used as its users
 * would, updated and destroyed. What only a real account can show stands in docs/deploy.md.
 * With `--mutations` it is seen that the lane can fail: what is wrong with a deployment is found, and named.
 */
async function main(): Promise<number> {
  const missing = await installEmulator();
  if (missing !== undefined) {
    process.stdout.write(`test:deploy skipped: ${missing}\n`);
    return 0;
  }
  const { values } = parseArgs({
    options: { mutations: { type: 'boolean' }, seed: { type: 'string' }, assembly: { type: 'string' } },
  });
  const { mutations = false, assembly, seed = String(Date.now() % 1_000_000) } = values;
  if (!/^\d{1,9}$/.test(seed)) throw new Error(`--seed takes a whole number, not '${seed}'`);
  const failed = await (mutations ? findMutants({ seed: Number(seed), assembly }) : deployAndUse());
  return failed === 0 ? 0 : 1;
}

/** The SDK announces the end of its support for Node 20 at every client; `engines` says what works here. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// An interrupted lane leaves nothing behind: what it started is killed as this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
