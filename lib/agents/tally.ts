import type { FinishReason } from 'ai';
import { estimateTokens } from './budget.ts';
import type { AgentFailure } from './failure.ts';
import type { Part } from './parts.ts';
import { addUsage, estimatedUsage, NO_USAGE, type Usage, usageOf } from './usage.ts';

/** What a streamed run came to. */
export interface Summary {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Of a run that failed. */
  failure?: AgentFailure;
  /** The answer, or as much of it as there was. */
  text: string;
  usage: Usage;
  /** From the request to the first piece of an answer; absent when there was none. */
  msToFirstToken?: number;
  finishReason?: FinishReason;
  /** As the provider names it; as the agent does, until the provider has said. */
  modelId: string;
}

/** Keeps count of a run from the parts that went by. */
export class Tally {
  text = '';
  modelId: string;
  finishReason: FinishReason | undefined;
  msToFirstToken: number | undefined;
  promptTokens = 0;
  readonly #startedAt = performance.now();
  #done: Usage = NO_USAGE;
  /** What the step that is under way has put out; undefined between steps. */
  #step: string | undefined;

  constructor(modelId: string) {
    this.modelId = modelId;
  }

  see(part: Part): void {
    switch (part.type) {
      case 'start-step':
        this.#step = '';
        return;
      case 'text-delta':
      case 'reasoning-delta':
        this.msToFirstToken ??= Math.round(performance.now() - this.#startedAt);
        this.#step = (this.#step ?? '') + part.text;
        if (part.type === 'text-delta') this.text += part.text;
        return;
      case 'finish-step':
        this.#done = addUsage(
          this.#done,
          usageOf(part.usage, () => this.#estimate()),
        );
        this.#step = undefined;
        this.finishReason = part.finishReason;
        this.modelId = part.response.modelId;
        return;
      default:
    }
  }

  /** Of the finished steps as the provider counted them, of one that was cut off as far as it can be told. */
  get usage(): Usage {
    return this.#step === undefined ? this.#done : addUsage(this.#done, this.#estimate());
  }

  #estimate(): Usage {
    return estimatedUsage(this.promptTokens, estimateTokens(this.#step ?? ''));
  }
}
