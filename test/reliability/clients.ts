import { Refused } from '../../lib/apis/operation/refusal.ts';
import type { AnsweringPlatform } from '../../lib/apis/platform.ts';
import type { Run, RunKind } from '../../lib/runs/run.ts';
import type { Dice } from '../support/nasty.ts';
import type { World } from './world.ts';

/** One API, as a client of it goes about. */
export interface Journey {
  kind: RunKind;
  /** Makes what a client finds there, anew for each schedule. */
  prepare(platform: AnsweringPlatform, dice: Dice): Promise<Scene>;
}

export interface Scene {
  workspaceId: string;
  runsPerKey: number;
  /** Creates under a key what that key stands for; the ids of the runs. @throws what the API's verb throws. */
  create(platform: AnsweringPlatform, key: string): Promise<string[]>;
  cancel(platform: AnsweringPlatform, runId: string): Promise<unknown>;
  /** What is wrong with the runs as this API has them, once all are over. */
  judge(platform: AnsweringPlatform, runs: readonly Run[]): Promise<string[]>;
}

/** How long a request may take, in seconds: API Gateway's limit, and that of a stream of an agent's answer. */
const REQUEST_SECONDS: Record<RunKind, number> = { document: 29, process: 29, thread: 29, agent: 900 };

/** More than any storm takes: a client gives up only what never ends. */
const MOST_TRIES = 10_000;
/** After a failure a client asks again soon, later, or when a key that was left behind is free again. */
const PAUSES_MS = [150, 2500, 31_000];
/** What may pass: somebody else is active, or something failed. */
const PASSES = new Set(['conflict', 'internal', 'unavailable']);

/** The clients of one schedule, and what they were told. */
export class Clients {
  /** Ids of runs by the key that they were created with. */
  readonly told = new Map<string, Set<string>>();
  readonly violations: string[] = [];
  readonly #world: World;
  readonly #scene: Scene;
  readonly #kind: RunKind;
  readonly #dice: Dice;
  #busy = 0;

  constructor(world: World, { kind }: Journey, scene: Scene, dice: Dice) {
    this.#world = world;
    this.#scene = scene;
    this.#kind = kind;
    this.#dice = dice;
  }

  get isBusy(): boolean {
    return this.#busy > 0;
  }

  /** Creates until there is an answer, as clients do that send a key, and cancels so long after each other. */
  async ask(key: string, at: number, cancels: readonly number[] = []): Promise<void> {
    this.#busy += 1;
    const { simulation } = this.#world;
    await simulation.wait(at);
    const [runId] = await this.#create(key);
    for (const after of runId === undefined ? [] : cancels) {
      await simulation.wait(after);
      await this.#cancel(String(runId));
    }
    this.#busy -= 1;
  }

  async #create(key: string): Promise<string[]> {
    const { create } = this.#scene;
    const ids = await this.#insist(`create ${key}`, (platform) => create(platform, key));
    const known = this.told.get(key) ?? new Set<string>();
    this.told.set(key, known);
    for (const id of ids ?? []) known.add(id);
    return ids ?? [];
  }

  /** A refusal is an answer, too: it has ended by itself. */
  async #cancel(runId: string): Promise<void> {
    const { cancel } = this.#scene;
    const verb = async (platform: AnsweringPlatform): Promise<unknown> => {
      try {
        return await cancel(platform, runId);
      } catch (error) {
        if (error instanceof Refused && error.refusal.category === 'conflict') return undefined;
        throw error;
      }
    };
    await this.#insist(`cancel ${runId.slice(-4)}`, verb);
  }

  async #insist<T>(name: string, verb: (platform: AnsweringPlatform) => Promise<T>): Promise<T | undefined> {
    const seconds = REQUEST_SECONDS[this.#kind];
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const ending = await this.#world.invoke(name, seconds, verb);
      if (ending.status === 'done') return ending.value;
      const refusal =
        ending.status === 'threw' && ending.error instanceof Refused ? ending.error.refusal : undefined;
      if (refusal !== undefined && !PASSES.has(refusal.category)) {
        this.violations.push(`refused: ${name} was told ${refusal.category}: ${refusal.message}`);
        return undefined;
      }
      await this.#world.simulation.wait(this.#dice.pick(PAUSES_MS));
    }
    this.violations.push(`lost: ${name} was never answered`);
    return undefined;
  }
}
