import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { run } from '../clients-lane/run.ts';
import { checkRules, checkSteps, checkTable, type Standing } from './behind.ts';
import type { Checks } from './checks.ts';
import type { EmulatedAccount } from './emulated-account.ts';

/** The workspace that README's command makes, as it prints it. */
export interface Workspace {
  API_KEY: string;
  WORKSPACE_ID: string;
}

export interface StackState {
  status: string;
  outputs: Record<string, string>;
}

/** A stage in the account, which users travel through and the lane looks behind. */
export class DeployedStage {
  readonly name: string;
  readonly #account: EmulatedAccount;
  readonly #checks: Checks;
  #workspace: Workspace | undefined;

  constructor(name: string, account: EmulatedAccount, checks: Checks) {
    this.name = name;
    this.#account = account;
    this.#checks = checks;
  }

  /** What names of the stage begin with. */
  get prefix(): string {
    return `runplane-${this.name}`;
  }

  /** @throws Error before there is one. */
  get workspace(): Workspace {
    if (this.#workspace === undefined) throw new Error(`${this.name} has no workspace yet`);
    return this.#workspace;
  }

  /** By the command of README. */
  firstWorkspace(): Promise<boolean> {
    const { attempt } = this.#bound();
    const { environment } = this.#account;
    return attempt(`${this.name}: runplane workspace create`, async () => {
      const words = ['workspace', 'create', '--stage', this.name, '--name', 'Acme'];
      const said = ['tsx', 'bin/runplane.ts', ...words, '--email', 'you@example.com'];
      const text = await run('npx', said, { env: environment });
      const [, WORKSPACE_ID] = /WORKSPACE_ID="?([\w-]+)/.exec(text) ?? [];
      const [, API_KEY] = /API_KEY="?([\w.-]+)/.exec(text) ?? [];
      if (API_KEY === undefined || WORKSPACE_ID === undefined) throw new Error(`It printed no key: ${text}`);
      this.#workspace = { API_KEY, WORKSPACE_ID };
    });
  }

  /** The journeys of all four APIs, or some of them. Those of web pages need an origin that may call. */
  travel({ origin, parts }: { origin?: string; parts?: readonly string[] } = {}): Promise<boolean> {
    return this.act('travel', {
      ...(origin === undefined ? {} : { ORIGIN: origin }),
      ...(parts === undefined ? {} : { PARTS: parts.join(',') }),
    });
  }

  /**
   * One of the acts of `travel.ts`, whose checks are printed as they are made.
   * @param onceOpen what the lane does when the act says that its runs are open.
   */
  async act(act: string, more: Record<string, string>, onceOpen?: () => Promise<unknown>): Promise<boolean> {
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('test/deploy-lane/travel.ts')], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...process.env,
        ...this.workspace,
        ...this.#account.environment,
        ...{ STAGE: this.name, ACT: act, ...more },
      },
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    const lines = createInterface({ input: child.stdio[1] as Readable }).on('line', (line) =>
      this.#checks.say(line),
    );
    const read = once(lines, 'close');
    let meanwhile: Promise<unknown> | undefined;
    child.once('message', () => {
      meanwhile = onceOpen?.().then(() => child.connected && child.send('done'));
    });
    const [code] = await once(child, 'exit');
    await read;
    process.off('exit', kill);
    await meanwhile;
    return this.#checks.check(`${this.name}: ${act} held`, code === 0);
  }

  /** Nothing failed unseen while users travelled. */
  async lookBehind(): Promise<void> {
    const complaints = await this.#account.look('complaints', this.prefix);
    const isQuiet = isDeepStrictEqual(complaints, []);
    this.#checks.check(`${this.name}: no function logged an error or a missing right`, isQuiet, complaints);
    const letters = (await this.#account.look('dead-letters', this.prefix)) as Record<string, number>;
    const isEmpty = Object.values(letters).every((count) => count === 0);
    this.#checks.check(`${this.name}: no delivery was given up`, isEmpty, letters);
  }

  /** It is put together as its functions expect, and all of them have had something to do. */
  async lookInside(): Promise<void> {
    await checkTable(this.standing);
    await checkRules(this.standing);
    await checkSteps(this.standing);
  }

  get standing(): Standing {
    return { checks: this.#checks, stage: this.name, environment: this.#account.environment };
  }

  /** Of each function its code, of each state machine its definition. */
  async versions(): Promise<Record<string, string>> {
    return (await this.#account.look('versions', `${this.prefix}-`)) as Record<string, string>;
  }

  async stack(name: string): Promise<StackState> {
    return (await this.#account.look('stack', `${this.prefix}-${name}`)) as StackState;
  }

  /** How many of each kind of resource there are. */
  async stands(): Promise<Record<string, number>> {
    return (await this.#account.look('stands', this.prefix)) as Record<string, number>;
  }

  #bound(): { attempt: Checks['attempt'] } {
    return { attempt: this.#checks.attempt.bind(this.#checks) };
  }
}
