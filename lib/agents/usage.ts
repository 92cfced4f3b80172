import type { LanguageModelUsage } from 'ai';

/** Tokens of a run. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  /** The provider did not say, or was cut off before it could: counted from the texts. */
  estimated?: true;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** What the provider reported; `estimate` stands in when it reported nothing. */
export function usageOf(
  reported: Pick<LanguageModelUsage, 'inputTokens' | 'outputTokens' | 'totalTokens'>,
  estimate: () => Usage,
): Usage {
  const { inputTokens, outputTokens, totalTokens } = reported;
  if (inputTokens === undefined && outputTokens === undefined) return estimate();
  const input = inputTokens ?? 0;
  const output = outputTokens ?? 0;
  return { inputTokens: input, outputTokens: output, totalTokens: totalTokens ?? input + output };
}

export const estimatedUsage = (inputTokens: number, outputTokens: number): Usage => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  estimated: true,
});

export function addUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    totalTokens: one.totalTokens + other.totalTokens,
    ...(one.estimated === true || other.estimated === true ? { estimated: true } : {}),
  };
}
