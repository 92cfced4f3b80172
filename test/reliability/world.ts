import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import { answerThreadTask } from '../../lambdas/steps/answer-thread.ts';
import { processDocumentTask } from '../../lambdas/steps/process-document.ts';
import { runAgentTask } from '../../lambdas/steps/run-agent.ts';
import { settle } from '../../lambdas/steps/settle.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import { keepOutputs } from '../../lib/apis/process-runs/outputs.ts';
import { NO_TOKENS } from '../../lib/apis/workspaces/tokens.ts';
import { sweepRuns } from '../../lib/runs/sweep.ts';
import { diceOf } from '../support/nasty.ts';
import { Ledger } from './ledger.ts';
import { Machines, machineRules } from './machines.ts';
import { MemoryFiles } from './memory-files.ts';
import { type Invocation, Simulation } from './simulation.ts';
import { VITEST_CLOCK } from './vitest-clock.ts';
import type { Weather } from './weather.ts';

/** Where the records of a world are. */
export interface Ground {
  client: DynamoDBDocumentClient;
  tableName: string;
  setLag(milliseconds: number): void;
}

/** Parts of a world in the place of the right ones, which a test is to find. */
export interface Faulty {
  /** Wraps the ports before anything is done with them. */
  platform?(platform: AnsweringPlatform): AnsweringPlatform;
  isDeaf?: boolean;
  neverSweeps?: boolean;
}

export interface WorldOptions {
  seed: number;
  ground: Ground;
  weather: Weather;
  isLocal: boolean;
  faulty?: Faulty;
}

const RULES = {
  document: await machineRules('document-run'),
  thread: await machineRules('thread-run'),
  agent: await machineRules('agent-run'),
};

/** How long a function that settles or sweeps may take, in seconds. */
const CARETAKER_SECONDS = 300;

const SWEEP_MS = 60_000;
/** After which times EventBridge hands on an event again that its function did not take, in milliseconds. */
const AGAIN_MS = [60_000, 120_000];
/** As at the start of the local platform: every open run is looked at. */
const ANY_LEASE = '9999-12-31T23:59:59.999Z';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Everything that there is in one schedule: functions, machines, records, files, and the ledger of the runs. */
export class World {
  readonly simulation: Simulation;
  readonly machines: Machines;
  readonly ledger: Ledger;
  readonly files = new MemoryFiles();
  readonly ground: Ground;
  /** The ports as they are, for those who prepare and who judge. */
  readonly calm: AnsweringPlatform;
  readonly #options: WorldOptions;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: WorldOptions) {
    const { seed, ground, weather, isLocal, faulty = {} } = options;
    this.#options = options;
    this.ground = ground;
    this.simulation = new Simulation(weather, (milliseconds) => ground.setLag(milliseconds), VITEST_CLOCK);
    this.ledger = new Ledger((text) => this.simulation.note(text));
    const as =
      <T>(work: (platform: AnsweringPlatform) => (payload: Record<string, unknown>) => Promise<T>) =>
      (invocation: Invocation, payload: Record<string, unknown>): Promise<T> =>
        work(this.platformOf(invocation))(payload);
    this.machines = new Machines({
      ...{ simulation: this.simulation, weather, isLocal },
      tasks: {
        document: { rules: RULES.document, work: as((platform) => processDocumentTask(() => platform)) },
        thread: { rules: RULES.thread, work: as((platform) => answerThreadTask(() => platform)) },
        agent: { rules: RULES.agent, work: as((platform) => runAgentTask(() => platform)) },
      },
      tell: async (event) => {
        if (faulty.isDeaf !== true) await this.#settle(event);
      },
    });
    const ids = diceOf(seed ^ 0x5eed);
    const stores = dynamoStores(ground.client, ground.tableName);
    const calm: AnsweringPlatform = {
      ...stores,
      files: this.files,
      executor: this.machines,
      waited: this.machines,
      now: () => new Date(),
      newId: () => uuid({ msecs: Date.now(), random: Uint8Array.from({ length: 16 }, () => ids.below(256)) }),
      tokens: NO_TOKENS,
      models: () => ({ resolveSecret: async () => '' }),
      logger: quiet,
      corsOrigins: [],
      limits: { requestBytes: 4_000_000 },
    };
    const built = faulty.platform?.(calm) ?? calm;
    this.calm = { ...built, runs: this.ledger.watch(built.runs) };
    if (faulty.neverSweeps !== true) this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS);
  }

  /** The platform as one function sees it: every call of every port may meet with something. */
  platformOf(invocation: Invocation): AnsweringPlatform {
    const through = <Port extends object>(name: string, port: Port): Port =>
      this.simulation.through(invocation, name, port);
    const { now, newId, tokens, models, logger, corsOrigins, limits, waited, ...ports } = this.calm;
    const entries = Object.entries(ports).map(([name, port]) => [name, through(name, port)]);
    return {
      // Every port under its own name.
      ...(Object.fromEntries(entries) as typeof ports),
      ...{ newId, tokens, models, logger, corsOrigins, limits },
      waited: this.simulation.through(invocation, 'waited', waited, true),
      now: () => new Date(now().getTime() + invocation.skew),
    };
  }

  /** Calls a function of ours. */
  invoke<T>(name: string, seconds: number, work: (platform: AnsweringPlatform) => Promise<T>) {
    const skew = this.#options.weather.skew();
    return this.simulation.invoke({ name, seconds, skew }, (invocation) => work(this.platformOf(invocation)));
  }

  /** The process ends and starts again: everything that was at work is gone, and open runs are looked at. */
  async reboot(): Promise<void> {
    this.simulation.note('the process is killed');
    for (const invocation of [...this.simulation.live]) this.simulation.kill(invocation, 'kill -9');
    this.machines.forget();
    await this.#sweep(ANY_LEASE);
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  async #settle(event: unknown): Promise<void> {
    // A laptop says everything once.
    for (const again of this.#options.isLocal ? [undefined] : [...AGAIN_MS, undefined]) {
      const ending = await this.invoke('settle', CARETAKER_SECONDS, (platform) =>
        settle(() => platform)(event),
      );
      if (ending.status === 'done') return;
      if (again !== undefined) await this.simulation.wait(again);
    }
  }

  async #sweep(leaseBefore?: string): Promise<void> {
    const lease = leaseBefore === undefined ? {} : { leaseBefore };
    await this.invoke('sweep', CARETAKER_SECONDS, (platform) =>
      sweepRuns(platform, { ...lease, keepOutput: keepOutputs(platform.files) }),
    );
  }
}
