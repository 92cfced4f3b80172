import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { run } from '../clients-lane/run.ts';
import { diceOf } from '../support/nasty.ts';
import { checkRules, checkSteps, checkTable } from './behind.ts';
import { Checks } from './checks.ts';
import { type EmulatedAccount, openAccount } from './emulated-account.ts';
import { judge } from './judge.ts';
import { chooseRounds, type Round } from './mutants.ts';
import { readTemplates, type Templates } from './templates.ts';

const STAGE = 'dev';
const ORIGIN = 'https://app.example.com';
const CACHE = resolve('.cache/deploy');

/**
 * Deploys what is wrong, each mutant to an account where nothing else is wrong with what finds it, and looks whether
 * the lane's checks fail and say what it is. Answers how many were missed, or named without being wrong.
 */
export async function findMutants(seed: number): Promise<number> {
  await mkdir(CACHE, { recursive: true });
  const whole = await mkdtemp(join(CACHE, 'whole-'));
  process.stdout.write(`seed ${seed}: npm run test:deploy -- --mutations --seed ${seed} does it again\n`);
  try {
    const options = ['-c', `stage=${STAGE}`, '-c', `corsOrigins=${ORIGIN}`];
    await run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--output', whole, ...options]);
    let missed = 0;
    for (const round of chooseRounds(await readTemplates(whole), diceOf(seed)))
      missed += await playRound(whole, round);
    return missed;
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}

async function playRound(whole: string, round: Round): Promise<number> {
  const lines: string[] = [];
  const account = await openAccount();
  let missed = round.mutations.length;
  try {
    await deployAndLook(account, whole, round, lines);
    const verdicts = judge(round, lines);
    for (const { text } of verdicts) process.stdout.write(`${text}\n`);
    missed = verdicts.filter(({ isGood }) => !isGood).length;
  } finally {
    await writeFile(join(account.folder, 'checks.log'), lines.join('\n'));
    const folder = await account.stop(missed === 0 ? 'removed' : 'kept');
    if (missed > 0) process.stdout.write(`what the checks said is in ${join(folder, 'checks.log')}\n`);
  }
  return missed;
}

async function deployAndLook(account: EmulatedAccount, whole: string, round: Round, lines: string[]) {
  const checks = new Checks((line) => void lines.push(line));
  const { environment } = account;
  const assembly = join(account.folder, 'mutant');
  await writeAssembly(whole, round.templates, assembly);
  const cdk = (...words: string[]): Promise<string> =>
    run('npx', ['cdk', ...words, '--no-notices', '--app', assembly], { env: environment });
  const plainly = ['--require-approval', 'never', '--concurrency', '4', '--progress', 'events'];
  await cdk('bootstrap', 'aws://000000000000/eu-west-1');
  const standing = { checks, stage: STAGE, environment };
  const { found } = round;
  const what = found.by === 'table' ? `runplane-${STAGE}-storage` : '--all';
  const isDeployed = await checks.attempt(`cdk deploy ${what}`, () => cdk('deploy', what, ...plainly));
  if (!isDeployed) return;
  await checkTable(standing);
  if (found.by === 'table') return;
  const travelled = await travel(account, found.by === 'steps' ? found.parts : ['routes']);
  lines.push(...travelled);
  await checkRules(standing);
  if (found.by === 'steps') await checkSteps(standing, found.steps);
}

/** What a process of its own finds, for it is settled when one starts what certificates it trusts. */
async function travel(
  { endpoint, environment, look }: EmulatedAccount,
  parts: readonly string[],
): Promise<string[]> {
  const words = ['workspace', 'create', '--stage', STAGE, '--name', 'Acme', '--email', 'you@example.com'];
  const made = await run('npx', ['tsx', 'bin/runplane.ts', ...words], { env: environment });
  const workspace = Object.fromEntries(
    [...made.matchAll(/(\w+)="([^"]+)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const [api = ''] = Object.values((await look('apis', '')) as Record<string, string>);
  const child = spawn(process.execPath, ['--import', 'tsx', resolve('test/deploy-lane/travel.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...workspace,
      ...environment,
      ...{ STAGE, ORIGIN, PARTS: parts.join() },
      BASE_URL: `${endpoint}/restapis/${api}/${STAGE}/_user_request_`,
    },
  });
  const ended = once(child, 'exit');
  const said = await text(child.stdout);
  await ended;
  return said.split('\n');
}

interface Assets {
  files: Record<string, { source: { path: string; packaging: string } }>;
}

/** The same assembly with other templates. What is bundled stays where it is. */
async function writeAssembly(whole: string, templates: Templates, to: string): Promise<void> {
  await mkdir(to);
  for (const { name } of (await readdir(whole, { withFileTypes: true })).filter((file) => file.isFile())) {
    const template = templates[name];
    if (template !== undefined) await writeFile(join(to, name), JSON.stringify(template));
    else if (!name.endsWith('.assets.json')) await copyFile(join(whole, name), join(to, name));
    else {
      const assets = JSON.parse(await readFile(join(whole, name), 'utf8')) as Assets;
      for (const { source } of Object.values(assets.files))
        if (source.packaging === 'zip') source.path = join(relative(to, whole), source.path);
      await writeFile(join(to, name), JSON.stringify(assets));
    }
  }
}
