import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../clients-lane/run.ts';
import type { EmulatedAccount } from './emulated-account.ts';

/** A cloud assembly: what `cdk synth` wrote, of one stage. */
export interface Assembly {
  folder: string;
  stage: string;
}

const REGION = 'aws://000000000000/eu-west-1';
const PLAINLY = ['--require-approval', 'never', '--concurrency', '4', '--progress', 'events'];

/** The real CDK against the account. What it says is kept beside the account's own log. */
export class Cdk {
  readonly #account: EmulatedAccount;

  constructor(account: EmulatedAccount) {
    this.#account = account;
  }

  /** Where an assembly of the stage goes. */
  assembly(name: string, stage: string): Assembly {
    return { folder: join(this.#account.folder, name), stage };
  }

  /** @param options as `docs/deploy.md` lists them, by name. */
  async synth({ folder, stage }: Assembly, options: Record<string, string> = {}): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    const context = Object.entries({ stage, ...options }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    await this.#say('synth', folder, ['synth', '--quiet', '--output', folder, ...context]);
  }

  async bootstrap({ folder }: Assembly): Promise<void> {
    await this.#say('bootstrap', folder, ['bootstrap', '--app', folder, REGION]);
  }

  /** @param stack the one that is deployed, by its last name; all without it. */
  async deploy({ folder, stage }: Assembly, stack?: string): Promise<void> {
    const which = stack === undefined ? ['--all'] : ['--exclusively', `runplane-${stage}-${stack}`];
    await this.#say('deploy', folder, ['deploy', ...which, '--app', folder, ...PLAINLY]);
  }

  /** Destroys all that docs/deploy.md says may be: not the storage and not the users, whose stacks are protected. */
  async destroy(assembly: Assembly): Promise<void> {
    const stacks = (await stacksOf(assembly)).filter((stack) => !/-(storage|users)$/.test(stack));
    await this.#say('destroy', assembly.folder, ['destroy', '--force', '--app', assembly.folder, ...stacks]);
  }

  async #say(log: string, folder: string, words: readonly string[]): Promise<void> {
    const said = run('npx', ['cdk', ...words, '--no-notices'], { env: this.#account.environment });
    const file = `${log}-${folder.split('/').at(-1) ?? ''}.log`;
    const text = await said.catch(async (error: unknown) => {
      await this.#write(file, String(error));
      throw new Error(whatFailed(String(error)), { cause: error });
    });
    await this.#write(file, text);
  }

  async #write(file: string, text: string): Promise<void> {
    const folder = join(this.#account.folder, 'logs');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

export async function stacksOf({ folder, stage }: Assembly): Promise<string[]> {
  return (await readdir(folder))
    .filter((file) => file.startsWith(`runplane-${stage}-`) && /^[\w-]+\.template\.json$/.test(file))
    .map((file) => file.replace(/\.template\.json$/, ''));
}

/** Of what the CDK says when it fails: which resources did and why, or all where none did. */
export function whatFailed(said: string): string {
  const failures = [...said.matchAll(/\| \w+_FAILED +\| (.+)/g)].map(([, failure = '']) => failure);
  const reasons = failures.filter((failure) => !/cancelled$/.test(failure));
  return reasons.length === 0 ? said : [...new Set(reasons)].join('\n');
}
