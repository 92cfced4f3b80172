import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { run } from '../clients-lane/run.ts';
import { checkRules, checkSteps, checkTable, type Standing } from './behind.ts';
import { Checks } from './checks.ts';
import { type EmulatedAccount, openAccount } from './emulated-account.ts';

/** A cloud assembly: what `cdk synth` wrote, of one stage. */
interface Assembly {
  folder: string;
  stage: string;
}

/** What docs/deploy.md says that a destroyed stage leaves behind. */
const KEPT = { tables: 1, buckets: 1, roles: 1, functions: 0, apis: 0, logGroups: 0 };
const REGION = 'aws://000000000000/eu-west-1';

/** Deploys the platform to an account of its own, uses it, updates it, destroys it. Answers how much failed. */
export async function deployAndUse(): Promise<number> {
  const checks = new Checks();
  const account = await openAccount();
  try {
    await checks.attempt('the lane comes to its end', () => new Lane(account, checks).all());
  } finally {
    const folder = await account.stop(checks.failed === 0 ? 'removed' : 'kept');
    if (checks.failed > 0) process.stdout.write(`${checks.failed} failed; whole logs are in ${folder}\n`);
  }
  return checks.failed;
}

class Lane {
  readonly #account: EmulatedAccount;
  readonly #checks: Checks;

  constructor(account: EmulatedAccount, checks: Checks) {
    this.#account = account;
    this.#checks = checks;
  }

  async all(): Promise<void> {
    const { attempt } = this.#bound();
    const first = { folder: join(this.#account.folder, 'first'), stage: 'dev' };
    const next = { folder: join(this.#account.folder, 'next'), stage: 'dev' };
    const isReady =
      (await attempt('cdk synth', () => this.#synth(first, []))) &&
      (await attempt('cdk bootstrap', () =>
        this.#cdk('bootstrap', ['bootstrap', '--app', first.folder, REGION]),
      )) &&
      (await attempt('cdk deploy --all', () => this.#deploy('deploy', first)));
    if (!isReady) return;
    await checkTable(this.#standing(first.stage));
    const workspace = await this.#firstWorkspace(first.stage);
    if (workspace === undefined) return;
    await this.#journeys(first.stage, workspace, {});
    await this.#behind(first.stage);

    const origin = 'https://app.example.com';
    const isUpdated =
      (await attempt('cdk synth of the next version', () =>
        this.#synth(next, ['-c', `corsOrigins=${origin}`, '-c', 'tracing=true']),
      )) && (await attempt('cdk deploy --all updates it', () => this.#deploy('update', next)));
    if (isUpdated)
      await this.#journeys(next.stage, workspace, {
        ORIGIN: origin,
        PARTS: 'gateway,documents,threads,routes',
      });
    await attempt('cdk destroy', () => this.#destroy(next));
    const kept = await this.#account.look('kept', `runplane-${next.stage}`);
    this.#checks.check('what stays is what docs/deploy.md says', isDeepStrictEqual(kept, KEPT), kept);
  }

  #bound(): { attempt: Checks['attempt'] } {
    return { attempt: this.#checks.attempt.bind(this.#checks) };
  }

  async #synth({ folder, stage }: Assembly, options: readonly string[]): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await this.#cdk('synth', ['synth', '--quiet', '--output', folder, '-c', `stage=${stage}`, ...options]);
  }

  async #deploy(log: string, { folder }: Assembly): Promise<void> {
    const plainly = ['--require-approval', 'never', '--concurrency', '4', '--progress', 'events'];
    await this.#cdk(log, ['deploy', '--all', '--app', folder, ...plainly]);
  }

  /** All but the storage, whose stack is protected. */
  async #destroy({ folder, stage }: Assembly): Promise<void> {
    const stacks = (await readdir(folder))
      .filter((file) => file.startsWith(`runplane-${stage}-`) && /^[\w-]+\.template\.json$/.test(file))
      .map((file) => file.replace(/\.template\.json$/, ''))
      .filter((stack) => !stack.endsWith('-storage'));
    await this.#cdk('destroy', ['destroy', '--force', '--app', folder, ...stacks]);
  }

  async #cdk(log: string, words: readonly string[]): Promise<void> {
    const said = run('npx', ['cdk', ...words, '--no-notices'], { env: this.#account.environment });
    const text = await said.catch(async (error: unknown) => {
      await this.#write(log, String(error));
      throw error;
    });
    await this.#write(log, text);
  }

  async #write(log: string, text: string): Promise<void> {
    const folder = join(this.#account.folder, 'logs');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${log}.log`), text);
  }

  /** By the command of README. */
  async #firstWorkspace(stage: string): Promise<Record<string, string> | undefined> {
    let env: Record<string, string> | undefined;
    await this.#checks.attempt('runplane workspace create', async () => {
      const words = ['workspace', 'create', '--stage', stage, '--name', 'Acme', '--email', 'you@example.com'];
      const text = await run('npx', ['tsx', 'bin/runplane.ts', ...words], { env: this.#account.environment });
      const found = [...text.matchAll(/(?:export )?(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
        name,
        value.replace(/^["']|["']$/g, ''),
      ]);
      env = Object.fromEntries(found) as Record<string, string>;
    });
    return env;
  }

  /** The emulator serves APIs below their ids, which a changed description changes. */
  async #journeys(
    stage: string,
    workspace: Record<string, string>,
    more: Record<string, string>,
  ): Promise<void> {
    const apis = Object.values((await this.#account.look('apis', '')) as Record<string, string>);
    const baseUrl = `${this.#account.endpoint}/restapis/${apis.at(-1) ?? ''}/${stage}/_user_request_`;
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('test/deploy-lane/travel.ts')], {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...workspace,
        ...this.#account.environment,
        STAGE: stage,
        BASE_URL: baseUrl,
        ...more,
      },
    });
    const [code] = await once(child, 'exit');
    this.#checks.check(`the journeys through ${stage} held`, code === 0);
  }

  #standing(stage: string): Standing {
    return { checks: this.#checks, stage, environment: this.#account.environment };
  }

  async #behind(stage: string): Promise<void> {
    const prefix = `runplane-${stage}`;
    await checkRules(this.#standing(stage));
    await checkSteps(this.#standing(stage));
    const complaints = await this.#account.look('complaints', prefix);
    this.#checks.check(
      'no function logged an error or a missing right',
      isDeepStrictEqual(complaints, []),
      complaints,
    );
    const letters = (await this.#account.look('dead-letters', prefix)) as Record<string, number>;
    this.#checks.check(
      'no delivery was given up',
      Object.values(letters).every((count) => count === 0),
      letters,
    );
  }
}
