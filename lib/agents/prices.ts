import type { Usage } from './usage.ts';

/** In US dollars per million tokens. */
export interface Price {
  input: number;
  output: number;
}

/**
 * On-demand prices in us-east-1 as in the AWS price list of 2026-09-01 (offer `AmazonBedrock`, version
 * 20260901205051, https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/us-east-1/index.json).
 * Other regions differ. A model that is not here has no known price; `echo` costs nothing.
 */
const PRICES: Readonly<Record<string, Price>> = {
  'amazon.nova-micro-v1:0': { input: 0.035, output: 0.14 },
  'amazon.nova-lite-v1:0': { input: 0.06, output: 0.24 },
  'amazon.nova-pro-v1:0': { input: 0.8, output: 3.2 },
  echo: { input: 0, output: 0 },
};

/** `us.amazon.nova-lite-v1:0` and the ARN of a model or inference profile mean the model at their end. */
const baseModel = (modelId: string): string =>
  modelId.replace(/^arn:[^/]*\//, '').replace(/^(us|eu|apac|global)\./, '');

/** What a model's tokens cost; undefined when that is not known. */
export function priceOf(modelId: string): Price | undefined {
  const model = baseModel(modelId);
  return Object.hasOwn(PRICES, model) ? PRICES[model] : undefined;
}

/** What a run cost at list prices, in US dollars; undefined when the model's price is not known. */
export function costInUsd(
  modelId: string,
  usage: Pick<Usage, 'inputTokens' | 'outputTokens'>,
): number | undefined {
  const price = priceOf(modelId);
  if (price === undefined) return undefined;
  const cost = (usage.inputTokens * price.input + usage.outputTokens * price.output) / 1_000_000;
  // A billionth of a dollar is far below one token; beyond it stands only the noise of binary fractions.
  return Number(cost.toFixed(9));
}
