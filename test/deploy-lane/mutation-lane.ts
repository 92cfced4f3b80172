import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { RUNPLANE_CORS_ORIGINS } from '../../lib/adapters/aws/environment.ts';
import { run } from '../clients-lane/run.ts';
import { diceOf } from '../support/nasty.ts';
import { checkRules, checkSteps, checkTable } from './behind.ts';
import { Cdk } from './cdk.ts';
import { Checks } from './checks.ts';
import { DeployedStage } from './deployed-stage.ts';
import { type EmulatedAccount, openAccount } from './emulated-account.ts';
import { judge } from './judge.ts';
import { chooseRounds, type Round } from './mutants.ts';
import { variablesOf } from './mutations.ts';
import { readTemplates, resourcesOf, type Templates } from './templates.ts';

const STAGE = 'dev';
const CACHE = resolve('.cache/deploy');

export interface Wanted {
  /** Equal seeds make equal mutants of equal assemblies. */
  seed: number;
  /** What `cdk synth` wrote of the stage `dev`; it is synthesized where there is none. */
  assembly?: string | undefined;
}

/**
 * Deploys what is wrong, each mutant to an account where nothing else is wrong with what finds it, and looks whether
 * the lane's checks fail and say what it is. Answers how many were missed, or named without being wrong.
 */
export async function findMutants({ seed, assembly }: Wanted): Promise<number> {
  process.stdout.write(`seed ${seed}: npm run test:deploy -- --mutations --seed ${seed} does it again\n`);
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(join(CACHE, 'whole-'));
  const whole = resolve(assembly ?? own);
  process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  if (assembly === undefined) await synthesize(own);
  let missed = 0;
  for (const round of chooseRounds(await readTemplates(whole), diceOf(seed)))
    missed += await playRound(whole, round);
  return missed;
}

async function synthesize(folder: string): Promise<void> {
  const options = ['-c', `stage=${STAGE}`, '-c', 'corsOrigins=https://app.example.com'];
  await run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--output', folder, ...options]);
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
  const cdk = new Cdk(account);
  const assembly = cdk.assembly('mutant', STAGE);
  await writeAssembly(whole, round.templates, assembly.folder);
  await cdk.bootstrap(assembly);
  const { found } = round;
  const stack = found.by === 'table' ? 'storage' : undefined;
  const stage = new DeployedStage(STAGE, account, checks);
  if (!(await checks.attempt('cdk deploy', () => cdk.deploy(assembly, stack)))) return;
  await checkTable(stage.standing);
  if (found.by === 'table' || !(await stage.firstWorkspace())) return;
  const origin = originOf(round.templates);
  const parts = found.by === 'steps' ? found.parts : ['routes'];
  await stage.travel({ parts, ...(origin === undefined ? {} : { origin }) });
  await checkRules(stage.standing);
  if (found.by === 'steps') await checkSteps(stage.standing, found.steps);
}

/** One of the pages that may call, where any may. */
function originOf(templates: Templates): string | undefined {
  const functions = resourcesOf(templates, 'AWS::Lambda::Function');
  const [origins] = functions.flatMap(({ resource }) => variablesOf(resource)[RUNPLANE_CORS_ORIGINS] ?? []);
  return typeof origins === 'string' ? origins.split(',')[0] : undefined;
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
