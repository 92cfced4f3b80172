import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Client, Unavailable } from '../test/clients-lane/client.ts';
import { CLIENTS } from '../test/clients-lane/clients.ts';
import { startTestPlatform, type TestPlatform } from '../test/support/platform.ts';

/**
 * The fourth lane of tests: clients that others wrote, or that others' tools make of the description. Each is
 * made, compiled and used against a platform of its own run of this lane. Names as arguments choose.
 */
const CACHE = resolve('.cache/clients');
const DESCRIPTION = resolve('docs/openapi.json');

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Whether everything holds of this client that can be tried here. */
async function holds({ name, prepare, checks }: Client, platform: TestPlatform): Promise<boolean> {
  const installed = join(CACHE, name);
  const missing = await prepare(installed);
  if (missing !== undefined) {
    say(`${name} skipped: ${missing}`);
    return true;
  }
  const folder = join(installed, 'trial');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { says, act } of checks) {
    const began = performance.now();
    try {
      await act({ folder, installed, description: DESCRIPTION, platform });
    } catch (error) {
      if (error instanceof Unavailable) {
        say(`${name} ${says}: skipped, and what follows it: ${error.message}`);
        return true;
      }
      say(`${name} ${says}: FAILED\n${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
    say(`${name} ${says}: ok (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  return true;
}

/** The SDK announces the end of its support for Node 20 at every client; `engines` says what works here. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !CLIENTS.some((client) => client.name === name));
  if (unknown !== undefined) {
    say(`There is no client ${unknown}: choose of ${CLIENTS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const chosen = CLIENTS.filter(({ name }) => names.length === 0 || names.includes(name));
  const platform = await startTestPlatform();
  const failed: string[] = [];
  try {
    // One after the other: each of them takes both cores of a small machine.
    for (const client of chosen) if (!(await holds(client, platform))) failed.push(client.name);
  } finally {
    await platform.close();
  }
  if (failed.length > 0) say(`test:clients failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main(process.argv.slice(2));
