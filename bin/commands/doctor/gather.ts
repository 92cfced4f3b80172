import { execFile } from 'node:child_process';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Account, AccountChoice } from '../../../lib/adapters/aws/account.ts';
import { complaintOf } from '../account-fault.ts';
import { type Address, dataFolder, findAddress, stageOf } from '../address.ts';
import { type Api, callAt, everyItem } from '../api.ts';
import { optional, type Terminal, type Values } from '../command.ts';
import { inAccount, noStage, STACK_PARTS, stackName } from '../deployment.ts';
import { lookAtAccount } from './account-facts.ts';
import {
  COUNTED_RUNS,
  type DeploymentFacts,
  type Facts,
  type MachineFacts,
  OVERDUE_MS,
  type PlatformFacts,
} from './facts.ts';
import { type Seen, seen } from './seen.ts';

/** Looks at everything once. What cannot be looked at is a fact, too. */
export async function gather(values: Values, terminal: Terminal): Promise<Facts> {
  const stage = stageOf(values, terminal);
  const node = { version: process.versions.node, needs: await neededNode() };
  const deployment =
    stage === undefined
      ? undefined
      : await seen(() =>
          inAccount(values, terminal, 'read the stacks', (account) =>
            lookAtDeployment(account, stage, {
              profile: optional(values, 'profile'),
              region: optional(values, 'region'),
            }),
          ),
        );
  // Without its stacks there is nothing more to ask, and nobody to ask.
  if (deployment !== undefined && 'fault' in deployment) return { node, deployment };
  const address = await seen(() => findAddress(values, terminal));
  if ('fault' in address) return { node, deployment, platform: address };
  const platform = { value: await lookAtPlatform(address.value) };
  const machine = address.value.isLocal ? await lookAtMachine(dataFolder(terminal)) : undefined;
  return { node, deployment, platform, machine };
}

const Package = z.object({ engines: z.object({ node: z.string() }) });

async function neededNode(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return Package.parse(JSON.parse(text)).engines.node;
}

async function lookAtPlatform(address: Address): Promise<PlatformFacts> {
  const ask = <Value>(act: (api: Api) => Promise<Value>): Promise<Seen<Value>> =>
    seen(() => callAt(address, act));
  const url = address.url.value;
  const hasKey = address.find('key', 'API_KEY') !== undefined;
  const health = await seen(() =>
    callAt(hasKey ? address : asNobody(address), ({ processRuns }) => processRuns.getHealth()),
  );
  if ('fault' in health || !hasKey) return { url, health };
  const providers = await ask(async ({ agentRun }) =>
    (await everyItem(agentRun.listProviders({ limit: 100 }))).map(({ settings }) => settings.type),
  );
  // A key is good for one workspace at least, but only those that are named can be looked at.
  if ('fault' in providers || address.find('workspace', 'WORKSPACE_ID') === undefined)
    return { url, health, providers };
  const workspace = await ask(async (api) => (await api.workspace.getWorkspace()).name);
  return { url, health, providers, workspace };
}

/** Health is for everybody, but the client has a key to show. */
const asNobody = (address: Address): Address => ({
  ...address,
  find: () => ({ value: 'nobody', from: 'nowhere' }),
});

async function lookAtDeployment(
  account: Account,
  stage: string,
  choice: AccountChoice,
): Promise<DeploymentFacts> {
  const stacks: DeploymentFacts['stacks'] = {};
  for (const part of STACK_PARTS) {
    const stack = await account.stack(stackName(stage, part));
    if (stack !== undefined) stacks[part] = stack;
  }
  if (stacks.storage === undefined && stacks.runs === undefined) throw await noStage(account, stage);
  const table = stacks.storage?.outputs.TableName;
  const leaseBefore = new Date(Date.now() - OVERDUE_MS).toISOString();
  const [facts, overdueRuns] = await Promise.all([
    lookAtAccount(account, choice),
    table === undefined
      ? undefined
      : seen(async () => {
          try {
            return await account.overdueRuns({ table, leaseBefore, limit: COUNTED_RUNS });
          } catch (error) {
            throw complaintOf(error, { ...choice, to: 'read the table' });
          }
        }),
  ]);
  return { stage, stacks, account: facts, overdueRuns };
}

async function lookAtMachine(folder: string): Promise<MachineFacts> {
  const { bavail, bsize } = await statfs(folder).catch(async (error: unknown) => {
    if (isMissing(error)) return statfs('.');
    throw error;
  });
  const [folderBytes, hasJava, hasPython] = await Promise.all([
    sizeOf(folder),
    answers('java', '-version'),
    answers('python3', '--version'),
  ]);
  return { folder, folderBytes, freeBytes: bavail * bsize, hasJava, hasPython };
}

/** Files come and go while they are counted. */
async function sizeOf(folder: string): Promise<number> {
  const orMissing =
    <Value>(missing: Value) =>
    (error: unknown): Value => {
      if (isMissing(error)) return missing;
      throw error;
    };
  const names = await readdir(folder, { recursive: true }).catch(orMissing<string[]>([]));
  let bytes = 0;
  for (const name of names) {
    const file = await stat(join(folder, name)).catch(orMissing(undefined));
    bytes += file?.isFile() ? file.size : 0;
  }
  return bytes;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function answers(program: string, question: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, [question], { timeout: 10_000 });
    return true;
  } catch {
    // Not there, or not in order: for what it is needed for, that is the same.
    return false;
  }
}
